package dev.tapline.files.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.files.objects.ObjectStore;
import dev.tapline.files.objects.ObjectStore.Upload;
import dev.tapline.spi.TransientException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FaultyConnectionTest {
  @Test
  void bringsEveryByteOverALineThatIsCutAndAStoreThatIsBusy() throws Exception {
    String bucket = S3Server.shared().bucket();
    byte[] part = new byte[5 << 20];
    new Random(1).nextBytes(part);
    // The client may or may not use a connection again: within a part one is cut, and within some.
    try (FaultyProxy line = new FaultyProxy(S3Server.shared().port(), 3 << 20, 24 << 20);
        ObjectStore store =
            new S3Store(S3Server.settings(bucket, S3Server.keys(line.endpoint())))) {
      Upload upload = store.begin("file");
      List<String> tags = new ArrayList<>();
      for (int number = 1; number <= 12; number++) {
        tags.add(store.upload(upload, number, part, part.length));
      }

      assertThat(store.complete(upload, tags)).isTrue();

      assertThat(line.cut()).isPositive();
      assertThat(line.refused()).isPositive();
    }
    byte[] whole = S3Server.shared().bytes(bucket, "file");
    assertThat(whole).hasSize(12 * part.length);
    for (int i = 0; i < 12; i++) {
      assertThat(
              Arrays.mismatch(whole, i * part.length, (i + 1) * part.length, part, 0, part.length))
          .isEqualTo(-1);
    }
  }

  @Test
  void saysThatNobodyAnswersAndThatItMayPass() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    String endpoint = "http://127.0.0.1:" + port;
    try (ObjectStore store = new S3Store(S3Server.settings("lake", S3Server.keys(endpoint)))) {
      assertThatThrownBy(() -> store.write("a", ""))
          .isInstanceOf(TransientException.class)
          .hasMessageMatching(
              "cannot write s3://lake/a: no answer from "
                  + endpoint
                  + " \\(ConnectException: .*\\); is it the right address, and up\\?");
    }
  }
}
