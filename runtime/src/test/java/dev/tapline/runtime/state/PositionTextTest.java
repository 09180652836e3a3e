package dev.tapline.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.Position;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PositionTextTest {
  @Test
  void whatAPositionRemembersOfManyRowsIsCut() {
    Position position =
        new Position(
            new TreeMap<>(Map.of("key.id", "7", "rows", "mzRuK-04psVfcptS,".repeat(1_000))));

    assertThat(PositionText.of(position))
        .isEqualTo("key.id=7 rows=mzRuK-04psVfcptS,mzRuK-04psVfcptS,mzR...");
  }
}
