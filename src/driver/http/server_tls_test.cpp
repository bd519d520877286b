// TLS 1.3 and nothing else (case 149), with a certificate made for the test.
#include <cstdio>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/error.hpp"
#include "driver/http/test_support/test_server.hpp"
#include "driver/http/test_support/websocket_client.hpp"
#include "driver/http/test_support/wire_client.hpp"

namespace aa::http {
namespace {

using test::TestServer;
using test::WireClient;
using namespace std::chrono_literals;

class TlsServer : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::filesystem::temp_directory_path() / ("aa_tls_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_EC_gen("P-256"),
                                                                  EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    auto* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const std::unique_ptr<FILE, decltype(&fclose)> key_file(
        fopen((folder_ / "key.pem").c_str(), "w"), fclose);
    PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    const std::unique_ptr<FILE, decltype(&fclose)> certificate_file(
        fopen((folder_ / "cert.pem").c_str(), "w"), fclose);
    PEM_write_X509(certificate_file.get(), certificate.get());
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

  static ServerSettings settings() {
    return {.tls_certificate_file = folder_ / "cert.pem", .tls_key_file = folder_ / "key.pem"};
  }
  static inline std::filesystem::path folder_;
};

class TlsClient {
 public:
  TlsClient(std::uint16_t port, int version_min, int version_max)
      : wire_(port), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    SSL_CTX_set_security_level(context_.get(), 0);
    SSL_CTX_set_min_proto_version(context_.get(), version_min);
    SSL_CTX_set_max_proto_version(context_.get(), version_max);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), wire_.native());
    connected_ = SSL_connect(ssl_.get()) == 1;
  }
  bool connected() const { return connected_; }
  std::string_view version() const { return SSL_get_version(ssl_.get()); }
  void send(std::string_view text) {
    SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
  }
  // Until `text` comes; what follows it in the same record stays out of sight.
  bool receive_until(std::string_view text) {
    std::string seen;
    char buffer[4096];
    while (seen.find(text) == std::string::npos) {
      const int count = SSL_read(ssl_.get(), buffer, sizeof buffer);
      if (count <= 0) return false;
      seen.append(buffer, static_cast<std::size_t>(count));
    }
    return true;
  }
  // Until the server ends; properly_ended tells a close_notify from a cut.
  std::string receive_all() {
    std::string text;
    char buffer[4096];
    int count = 0;
    while ((count = SSL_read(ssl_.get(), buffer, sizeof buffer)) > 0) {
      text.append(buffer, static_cast<std::size_t>(count));
    }
    properly_ended = SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN;
    return text;
  }
  bool properly_ended = false;

 private:
  WireClient wire_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  bool connected_ = false;
};

TEST_F(TlsServer, speaks_tls13) {
  TestServer server(settings());
  TlsClient client(server.port(), TLS1_3_VERSION, TLS1_3_VERSION);
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.version(), "TLSv1.3");
  client.send(
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
      "GET /who HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto text = client.receive_all();
  EXPECT_EQ(test::count_responses(text), 2) << text;
  EXPECT_NE(text.find("\r\n\r\nhi"), std::string::npos);
  EXPECT_TRUE(text.ends_with("127.0.0.1 secure")) << text;
  EXPECT_TRUE(client.properly_ended);
}

TEST_F(TlsServer, streams_a_large_body_both_ways) {
  TestServer server(settings());
  TlsClient client(server.port(), TLS1_3_VERSION, TLS1_3_VERSION);
  ASSERT_TRUE(client.connected());
  client.send("POST /drink HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n");
  for (int i = 0; i < 50; ++i) client.send(std::string(100'000, 'x'));
  client.send("GET /shared HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto text = client.receive_all();
  EXPECT_NE(text.find("\r\n\r\n5000000"), std::string::npos);
  EXPECT_TRUE(text.ends_with(std::string(300'000, 's')));
}

TEST_F(TlsServer, carries_a_websocket_to_its_proper_end) {
  TestServer server(settings());
  TlsClient client(server.port(), TLS1_3_VERSION, TLS1_3_VERSION);
  ASSERT_TRUE(client.connected());
  client.send(test::handshake() + test::client_text("early"));
  EXPECT_TRUE(
      client.receive_until("\x81\x05"
                           "early"));
  const std::string large(200'000, 'l');
  client.send(test::client_text(large));
  EXPECT_TRUE(client.receive_until(large));
  const auto socket = server.last_socket();
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(socket->send(text_frame(std::string(1'000, 'a'))));
  EXPECT_TRUE(client.receive_until(std::string(1'000, 'a')));
  client.send(test::client_frame(0x88, "\x03\xe8"));
  EXPECT_TRUE(client.receive_all().ends_with("\x88\x02\x03\xe8"));
  EXPECT_TRUE(client.properly_ended);
  EXPECT_EQ(server.last_close_code, 1000);
}

TEST_F(TlsServer, cuts_a_websocket_that_does_not_read) {
  TestServer server(settings());
  TlsClient client(server.port(), TLS1_3_VERSION, TLS1_3_VERSION);
  ASSERT_TRUE(client.connected());
  client.send(test::handshake());
  const auto socket = server.last_socket();
  const auto frame = text_frame(std::string(50'000, 'x'));
  while (socket->send(frame)) {
  }
  EXPECT_LE(socket->queued_bytes(), (1U << 20) + 3 * 50'000);
  for (int i = 0; i < 500 && server.sockets_closed == 0; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_EQ(server.last_close_code, 1008);
  client.receive_all();
}

TEST_F(TlsServer, a_failed_stream_has_no_proper_end) {
  TestServer server(settings());
  TlsClient client(server.port(), TLS1_3_VERSION, TLS1_3_VERSION);
  ASSERT_TRUE(client.connected());
  client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
  client.receive_all();
  EXPECT_FALSE(client.properly_ended);
}

TEST_F(TlsServer, refuses_older_versions_149) {
  TestServer server(settings());
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION}) {
    TlsClient client(server.port(), version, version);
    EXPECT_FALSE(client.connected()) << version;
  }
  EXPECT_EQ(server.handled, 0);
}

TEST_F(TlsServer, refuses_plain_http_on_the_tls_port_149) {
  TestServer server(settings());
  WireClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto text = client.receive_all();
  EXPECT_EQ(text.find("HTTP/1.1"), std::string::npos);
  EXPECT_TRUE(client.ended() || client.reset());
  EXPECT_EQ(server.handled, 0);
}

TEST_F(TlsServer, a_handshake_that_does_not_come_is_ended) {
  auto slow = settings();
  slow.header_timeout = 200ms;
  TestServer server(slow);
  WireClient client(server.port());
  client.receive_all(3000ms);
  EXPECT_TRUE(client.ended() || client.reset());
}

TEST_F(TlsServer, bad_files_are_named) {
  auto bad = settings();
  bad.tls_key_file = folder_ / "absent.pem";
  try {
    const TestServer server(bad);
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.slug(), "bad_tls_key");
    EXPECT_NE(e.message().find("absent.pem"), std::string::npos);
  }
  EXPECT_THROW(TestServer({.tls_certificate_file = folder_ / "cert.pem"}), Error);
}

}  // namespace
}  // namespace aa::http
