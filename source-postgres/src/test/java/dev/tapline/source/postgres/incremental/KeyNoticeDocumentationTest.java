package dev.tapline.source.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.DocumentedTable;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeyNoticeDocumentationTest {
  @Test
  void theDocumentationHasWhatIsNoticedAndWhatFollows() throws Exception {
    assertThat(DocumentedTable.rows("delivery.md", "| what is noticed | what follows |"))
        .containsExactlyElementsOf(
            Arrays.stream(KeyNotice.values())
                .map(notice -> "| %s | %s |".formatted(notice.words(), notice.consequence()))
                .toList());
  }
}
