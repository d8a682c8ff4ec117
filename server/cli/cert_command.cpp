#include "server/cli/cert_command.h"

#include "certs/authority.h"
#include "certs/device_certificate.h"
#include "certs/files.h"
#include "server/cli/errors.h"
#include "server/runtime/git_ignore.h"

#include <chrono>
#include <filesystem>
#include <ostream>

namespace cli {
namespace {

constexpr auto usage =
    "usage: murano-emulator cert ca [--data-dir DIR]\n"
    "       murano-emulator cert device --identity ID --out DIR [--data-dir DIR]\n"
    "\n"
    "  cert ca       prints the certificate authority (PEM) that devices must trust\n"
    "  cert device   writes DIR/cert.pem and DIR/key.pem, a client certificate signed by it with CN = ID\n"
    "\n"
    "  --data-dir DIR   the server's data folder (default: MURANO_EMULATOR_DATA_DIR, else ./murano-data);\n"
    "                   the authority is made there where it is not yet\n"
    "  --ca-cert FILE --ca-key FILE   an authority of one's own, as the server was given\n"
    "\n"
    "Example: murano-emulator cert device --identity gadget --out certs\n";

struct Options {
    std::string what, identity, out, data_dir = "./murano-data", ca_cert, ca_key;
    bool help = false;
};

std::string* target_of(Options& options, std::string_view flag) {
    if (flag == "--identity") return &options.identity;
    if (flag == "--out") return &options.out;
    if (flag == "--data-dir") return &options.data_dir;
    if (flag == "--ca-cert") return &options.ca_cert;
    if (flag == "--ca-key") return &options.ca_key;
    return nullptr;
}

Options read(std::span<const std::string> arguments, const config::Environment& environment) {
    Options options;
    if (const auto found = environment.find("MURANO_EMULATOR_DATA_DIR"); found != environment.end()) {
        options.data_dir = found->second;
    }
    for (std::size_t index = 0; index < arguments.size(); ++index) {
        const auto& argument = arguments[index];
        const auto equals = argument.find('=');
        if (argument == "--help" || argument == "-h") {
            options.help = true;
        } else if (auto* target = target_of(options, argument.substr(0, equals))) {
            if (equals == std::string::npos && index + 1 == arguments.size())
                throw UsageError(argument + " needs a value");
            *target = equals == std::string::npos ? arguments[++index] : argument.substr(equals + 1);
        } else if (options.what.empty() && !argument.starts_with("-")) {
            options.what = argument;
        } else {
            throw UsageError("unexpected " + argument);
        }
    }
    if (options.help) return options;
    if (options.what != "ca" && options.what != "device") throw UsageError("say \"cert ca\" or \"cert device\"");
    if (options.ca_cert.empty() != options.ca_key.empty()) throw UsageError("--ca-cert and --ca-key go together");
    if (options.what == "device" && options.identity.empty()) throw UsageError("cert device needs --identity ID");
    if (options.what == "device" && options.out.empty()) throw UsageError("cert device needs --out DIR");
    return options;
}

std::int64_t now_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

void run(const Options& options, std::ostream& out) {
    if (options.ca_cert.empty()) {
        certs::make_folder(options.data_dir);
        runtime::hide_from_git(options.data_dir);
    }
    const auto authority = options.ca_cert.empty()
                               ? certs::Authority::open(std::filesystem::path(options.data_dir) / "certs", now_us())
                               : certs::Authority::load(options.ca_cert, options.ca_key, now_us());
    if (options.what == "ca") {
        out << authority.pem();
        return;
    }
    certs::write_device_certificate(certs::make_device_certificate(authority, options.identity, now_us()), options.out);
    const auto folder = std::filesystem::path(options.out);
    out << "wrote " << (folder / "cert.pem").string() << " and " << (folder / "key.pem").string() << "\n";
}

}  // namespace

int cert_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                 std::ostream& err) {
    try {
        const auto options = read(arguments, environment);
        if (options.help) {
            out << usage;
        } else {
            run(options, out);
        }
        return 0;
    } catch (const UsageError& error) {
        err << "murano-emulator cert: " << error.what() << "\n" << usage;
        return 2;
    } catch (const std::exception& error) {
        err << "murano-emulator cert: " << error.what() << "\n";
        return 1;
    }
}

}  // namespace cli
