#pragma once
// Bodies that become content items: a form with one file (control side), or the plain bytes (device).

#include "server/api/base/request.h"
#include "server/api/base/services.h"
#include "server/api/content/file.h"
#include "server/http/multipart.h"

#include <optional>
#include <string>
#include <string_view>

namespace api {

// multipart/form-data with the file in the field "file". [murano-facts 3.3]
class FormUpload : public BodySink {
  public:
    FormUpload(Services& services, std::string connector, std::string id, UploadTerms terms, std::string_view boundary);

    std::optional<Error> write(std::string_view bytes) override;
    Outcome finish() override;

  private:
    std::optional<Error> take(net::MultipartEvent& event);

    Services& services_;
    std::string connector_, id_;
    UploadTerms terms_;
    std::string part_mime_;
    net::MultipartReader form_;
    ContentFile file_;
    bool have_file_ = false;
};

// The whole body is the file: an upload by the device `identity`. [R65]
class DeviceUpload : public BodySink {
  public:
    DeviceUpload(Services& services, const Request& request, std::string identity);
    static std::string item_id(const std::string& identity, const std::string& name);

    std::optional<Error> write(std::string_view bytes) override { return file_.write(bytes); }
    Outcome finish() override;

  private:
    Services& services_;
    device::ContentPut put_;
    ContentFile file_;
};

}  // namespace api
