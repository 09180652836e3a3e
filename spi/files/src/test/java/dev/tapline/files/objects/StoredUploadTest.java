package dev.tapline.files.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.files.objects.ObjectStore.Upload;
import dev.tapline.spi.sink.Commit;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Commits of uploads as releases before this one have written them, to the letter.
class StoredUploadTest {
  private static final String COMMIT =
      "{\"destination\":\"orders\",\"version\":7,\"object\":\"lake/orders/shop-7/x.parquet\","
          + "\"upload\":\"2~ab\\\"c\",\"parts\":\"e1 e2\"}";

  @Test
  void commitIsReadAndWrittenAsBefore() throws Exception {
    PreparedUpload upload = PreparedUpload.of(new Commit(1, COMMIT));

    assertThat(upload)
        .isEqualTo(
            new PreparedUpload(
                "orders",
                7,
                new Upload("lake/orders/shop-7/x.parquet", "2~ab\"c"),
                List.of("e1", "e2")));
    assertThat(upload.toCommit()).isEqualTo(new Commit(1, COMMIT));
  }
}
