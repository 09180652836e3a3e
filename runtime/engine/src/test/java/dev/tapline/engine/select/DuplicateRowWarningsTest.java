package dev.tapline.engine.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Capability;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DuplicateRowWarningsTest {
  private static Stream stream(String name, String method, boolean keyed) {
    return new Stream(
        new StreamName("shop", "public", name),
        RelationKind.TABLE,
        new Schema(
            List.of(Field.of("id", DataType.Scalar.INT64, "bigint")),
            keyed ? List.of("id") : List.of()),
        "public__" + name,
        method,
        List.of(),
        -1,
        -1);
  }

  private static List<Finding> told(Set<Capability> capabilities, List<Stream> streams) {
    return DuplicateRowWarnings.of(streams, new StreamLabels(false), "here", capabilities);
  }

  @ParameterizedTest
  @CsvSource({
    // method, key, REPLACE, UPSERT, told
    "INCREMENTAL, true, true, true, ''",
    "INCREMENTAL, true, true, false, 'only adds rows'",
    "INCREMENTAL, false, true, true, 'without a primary key'",
    "INCREMENTAL, false, true, false, 'only adds rows'",
    "FULL_TABLE, true, true, true, ''",
    "FULL_TABLE, true, true, false, ''",
    "FULL_TABLE, false, true, false, ''",
    "FULL_TABLE, true, false, false, 'writes every row once more'",
    "FULL_TABLE, false, false, true, 'writes every row once more'",
    "LOG_BASED, true, false, false, ''",
    "LOG_BASED, false, true, true, ''",
    "OTHER, true, false, false, ''"
  })
  void isToldOnlyWhereItCanHappen(
      String method, boolean keyed, boolean replaces, boolean merges, String said) {
    Set<Capability> capabilities =
        replaces
            ? merges ? Set.of(Capability.REPLACE, Capability.UPSERT) : Set.of(Capability.REPLACE)
            : merges ? Set.of(Capability.UPSERT) : Set.of();

    List<Finding> findings = told(capabilities, List.of(stream("a", method, keyed)));

    if (said.isEmpty()) {
      assertThat(findings).isEmpty();
    } else {
      assertThat(findings).singleElement().extracting(Finding::message).asString().contains(said);
      assertThat(findings.getFirst().severity()).isEqualTo(Finding.Severity.WARNING);
      assertThat(findings.getFirst().remedy()).isNotEmpty();
    }
  }

  @Test
  void isToldOnceHoweverManyStreamsThereAre() {
    List<Stream> many =
        IntStream.range(0, 10_000).mapToObj(i -> stream("t" + i, "INCREMENTAL", true)).toList();

    assertThat(told(Set.of(Capability.REPLACE), many))
        .singleElement()
        .extracting(Finding::message)
        .asString()
        .startsWith("public.t0, public.t1, public.t2 and 9997 more are INCREMENTAL");
  }
}
