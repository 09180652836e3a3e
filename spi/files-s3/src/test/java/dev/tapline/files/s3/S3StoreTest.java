package dev.tapline.files.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.files.objects.ObjectStore;
import dev.tapline.files.objects.ObjectStore.Upload;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class S3StoreTest {
  private String bucket;
  private ObjectStore store;

  @BeforeEach
  void open() throws Exception {
    bucket = S3Server.shared().bucket();
    store = S3Server.shared().store(bucket);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void readsWhatItHasWritten() throws Exception {
    store.write("a/b", "ü");

    assertThat(store.read("a/b")).contains("ü");
    assertThat(store.read("a")).isEmpty();
    assertThat(store.exists("a/b")).isTrue();
    assertThat(store.exists("a/c")).isFalse();
  }

  @Test
  void listsWhatBeginsSo() throws Exception {
    for (String key : List.of("b/1", "a/2", "a/1", "a/100%/ü +&")) {
      store.write(key, "");
    }

    assertThat(store.list("a/")).containsExactly("a/1", "a/100%/ü +&", "a/2");
    assertThat(store.list("a/", 1)).containsExactly("a/1");
    assertThat(store.list("c/")).isEmpty();
  }

  @Test
  void deletesWhatIsThereAndWhatIsNot() throws Exception {
    store.write("a", "");

    store.delete("a");
    store.delete("a");

    assertThat(store.list("")).isEmpty();
  }

  @Test
  void showsAnUploadOnceItIsCompleted() throws Exception {
    byte[] part = new byte[5 << 20];
    Arrays.fill(part, (byte) 'x');
    Upload upload = store.begin("a/file");
    String first = store.upload(upload, 1, part, part.length);
    String second = store.upload(upload, 2, part, 3);
    assertThat(store.list("")).isEmpty();
    assertThat(store.uploads("a/")).containsExactly(upload);
    assertThat(store.uploads("b/")).isEmpty();

    assertThat(store.complete(upload, List.of(first, second))).isTrue();

    assertThat(store.read("a/file").orElseThrow()).hasSize((5 << 20) + 3);
    assertThat(store.uploads("")).isEmpty();
  }

  @Test
  void saysThatItKnowsNoSuchUpload() throws Exception {
    Upload upload = store.begin("a");
    String tag = store.upload(upload, 1, new byte[1], 1);
    store.abort(upload);
    store.abort(upload);

    assertThat(store.complete(upload, List.of(tag))).isFalse();
    assertThat(store.uploads("")).isEmpty();
  }

  @Test
  void saysThatThereIsNoSuchBucket() throws Exception {
    try (ObjectStore other = S3Server.shared().store("no-such-bucket")) {
      assertThatThrownBy(() -> other.write("a/b", ""))
          .hasMessage(
              "cannot write s3://no-such-bucket/a/b: there is no bucket 'no-such-bucket' at "
                  + S3Server.shared().endpoint()
                  + "; make it, or set sink.path to another one");
    }
  }
}
