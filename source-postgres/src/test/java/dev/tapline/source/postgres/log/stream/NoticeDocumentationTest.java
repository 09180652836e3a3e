package dev.tapline.source.postgres.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.log.facts.Notice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoticeDocumentationTest {
  @Test
  void theDocumentationHasWhatIsNoticedAndWhatFollows() throws Exception {
    List<String> lines = Files.readAllLines(Path.of("..", "docs", "log-based.md"));
    int header = lines.indexOf("| what is noticed | what follows |");
    List<String> rows =
        lines.subList(header + 2, lines.size()).stream()
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Notice.values())
                .map(
                    notice -> "| %s | %s |".formatted(notice.words(), notice.consequence().words()))
                .toList());
  }
}
