package dev.tapline.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.Position;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PositionTextTest {
  @Test
  void aPlaceInALogIsItsLsnAlone() {
    assertThat(
            PositionText.of(
                Position.of(
                    Map.of(
                        "lsn", "0/16B3748",
                        "oid", "16402",
                        "filter", "(id > 7)",
                        "snapshot", "748:750:749",
                        "until", "0/16B3800",
                        "facts", "system=7331 timeline=1"))))
        .isEqualTo("lsn=0/16B3748");
  }

  @Test
  void aPlaceByAKeyIsTheValuesOfItsColumnsInTheKeysOrder() {
    assertThat(
            PositionText.of(
                Position.of(
                    Map.of(
                        "keys", "\"updated_at\" timestamp with time zone, \"my \"\"id\" bigint",
                        "order", "pg_catalog.timestamptz_ops, pg_catalog.int8_ops",
                        "key.my \"id", "42",
                        "key.updated_at", "2026-11-30 02:10:46+00",
                        "rows", "mzRuK-04psVfcptS,".repeat(1_000),
                        "oid", "16402",
                        "relfilenode", "16402",
                        "next", "751",
                        "facts", "columns=abc"))))
        .isEqualTo("updated_at=2026-11-30 02:10:46+00 my \"id=42");
  }

  @Test
  void aKeyOfWhichNoRowHasAValueIsSaid() {
    assertThat(
            PositionText.of(
                Position.of(Map.of("keys", "\"id\" integer", "order", "o", "oid", "16402"))))
        .isEqualTo("no key yet");
  }

  @Test
  void whatAnotherSourceHasIsShownAndLongValuesAreCut() {
    assertThat(PositionText.of(Position.of(Map.of("page", "7", "row", "x".repeat(50)))))
        .isEqualTo("page=7 row=" + "x".repeat(37) + "...");
    assertThat(PositionText.of(Position.START)).isEmpty();
  }
}
