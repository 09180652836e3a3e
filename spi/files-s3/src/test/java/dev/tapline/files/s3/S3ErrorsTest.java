package dev.tapline.files.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tapline.files.objects.ObjectStore;
import dev.tapline.spi.TransientException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The messages for errors as documented by Amazon for S3.
class S3ErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          403 | AccessDenied                 | access denied; these credentials need s3:PutObject for bucket 'lake'
          301 | PermanentRedirect            | the bucket 'lake' is in another region; set sink.s3.region to eu-west-3
          400 | AuthorizationHeaderMalformed | the bucket 'lake' is in another region; set sink.s3.region to eu-west-3
          403 | RequestTimeTooSkewed         | this machine's clock differs too much from the store's; set it (NTP)
          400 | ExpiredToken                 | the credentials have expired or are not valid here; sign in again, or give others
          """)
  void saysWhatIsWrongAndWhatToDo(int status, String code, String sentence) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        atomicSwap -> {
          atomicSwap.getRequestBody().readAllBytes();
          byte[] body =
              "<Error><Code>%s</Code><Message>what it says</Message></Error>"
                  .formatted(code)
                  .getBytes(StandardCharsets.UTF_8);
          atomicSwap.getResponseHeaders().add("x-amz-bucket-region", "eu-west-3");
          atomicSwap.getResponseHeaders().add("Content-Type", "application/xml");
          atomicSwap.sendResponseHeaders(status, body.length);
          atomicSwap.getResponseBody().write(body);
          atomicSwap.close();
        });
    server.start();
    String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
    try (ObjectStore store = new S3Store(S3Server.settings("lake", S3Server.keys(endpoint)))) {
      assertThatThrownBy(() -> store.write("a/b", ""))
          .hasMessage("cannot write s3://lake/a/b: " + sentence);
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<Error><Code>IncompleteBody</Code></Error>"})
  void aRequestThatWasCutOnItsWayIsTriedAgain(String body) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.createContext(
        "/",
        atomicSwap -> {
          atomicSwap.getRequestBody().readAllBytes();
          byte[] answer = body.getBytes(StandardCharsets.UTF_8);
          atomicSwap.sendResponseHeaders(400, answer.length == 0 ? -1 : answer.length);
          atomicSwap.getResponseBody().write(answer);
          atomicSwap.close();
        });
    server.start();
    String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
    try (ObjectStore store = new S3Store(S3Server.settings("lake", S3Server.keys(endpoint)))) {
      assertThatThrownBy(() -> store.write("a/b", "")).isInstanceOf(TransientException.class);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void saysThatTheSecretKeyIsWrong() throws Exception {
    assertThatThrownBy(() -> write(Map.of("secret-key", "another")))
        .hasMessage(
            "cannot write s3://lake/a: the secret key does not belong to the access key; set sink.s3.secret-key or AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void saysThatTheAccessKeyIsUnknown() throws Exception {
    assertThatThrownBy(() -> write(Map.of("access-key", "another")))
        .hasMessage(
            "cannot write s3://lake/a: the store does not know this access key; is it of another store or account, or deleted?");
  }

  @Test
  void showsNoSecret() {
    assertThat(S3Server.settings("lake", S3Server.shared().keys()).toString())
        .doesNotContain(S3Server.SECRET_KEY);
  }

  private static void write(Map<String, Object> changed) throws Exception {
    Map<String, Object> keys = new HashMap<>(S3Server.shared().keys());
    keys.putAll(changed);
    try (ObjectStore store = new S3Store(S3Server.settings("lake", keys))) {
      store.write("a", "");
    }
  }
}
