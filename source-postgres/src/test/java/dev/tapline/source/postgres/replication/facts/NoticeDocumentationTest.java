package dev.tapline.source.postgres.replication.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.DocumentedTable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoticeDocumentationTest {
  @Test
  void theDocumentationHasWhatIsNoticedAndWhatFollows() throws Exception {
    assertThat(DocumentedTable.rows("log-based.md", "| what is noticed | what follows |"))
        .containsExactlyElementsOf(
            Arrays.stream(Notice.values())
                .map(
                    notice -> "| %s | %s |".formatted(notice.words(), notice.consequence().words()))
                .toList());
  }

  @Test
  void theDocumentationHasWhatBecomesOfTables() throws Exception {
    List<String> rows = DocumentedTable.rows("jdbc.md", "| what follows | what the table shows |");
    assertThat(rows).hasSameSizeAs(Consequence.values());
    for (Consequence consequence : Consequence.values()) {
      assertThat(rows.get(consequence.ordinal())).startsWith("| " + consequence.words() + " | ");
    }
  }
}
