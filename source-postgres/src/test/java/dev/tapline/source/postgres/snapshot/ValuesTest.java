package dev.tapline.source.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Literals;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.fixtures.ValuesContract;
import dev.tapline.source.postgres.testing.OddDefaults;
import dev.tapline.source.postgres.testing.SharedServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValuesTest {
  @Test
  void everyValueArrivesAsTheServerHasIt() throws Exception {
    new ValuesContract(SharedServer.get()).holds(SharedServer.database());
  }

  @Test
  void aValueDoesNotDependOnTheDefaultsOfTheDatabase() throws Exception {
    String database = SharedServer.database();
    SharedServer.get()
        .executeIn(
            database,
            "CREATE TABLE t (at timestamptz, on_day date, span interval, x float8, raw bytea, many timestamptz[], during tstzrange)",
            "SET TimeZone = 'UTC'",
            "INSERT INTO t VALUES ('2026-07-01 12:00:00.000001+00', '2026-02-03', '1 year 2 days 03:04:05', 0.1::float8 + 0.2, '\\x00ff', '{2026-01-01 00:00+00}', '[2026-01-01 00:00+00,)')");
    String before = row(database);

    OddDefaults.of(SharedServer.get(), database);

    assertThat(row(database))
        .isEqualTo(before)
        .contains("0.30000000000000004", "1 year 2 days 03:04:05", "[\"2026-01-01 00:00:00+00\",)");
  }

  private static String row(String database) throws Exception {
    List<String> values = new ArrayList<>();
    try (Pipeline pipeline = Pipeline.at(SharedServer.get().url(database))) {
      pipeline.scan(
          "public.t",
          batch -> batch.columns().forEach(column -> values.add(Literals.of(column, 0))));
    }
    return String.join(" | ", values);
  }

  @Test
  void tenThousandRandomNumericsArriveDigitByDigit() throws Exception {
    String database = SharedServer.database();
    String random =
        "(CASE WHEN random() < 0.5 THEN -1 ELSE 1 END * (random()*10000)::int"
            + " * power(10::numeric, (random()*%s)::int) + (random()::numeric * power(10::numeric, -(random()*%s)::int)))";
    SharedServer.get()
        .executeIn(
            database,
            "SELECT setseed(0.42)",
            "CREATE TABLE fuzz (a numeric, b numeric(18,6), c numeric(10,2), d numeric(38,10), e numeric(18,17))",
            ("INSERT INTO fuzz SELECT "
                + random.formatted(30, 30)
                + ", "
                + random.formatted(7, 10)
                + ", "
                + random.formatted(3, 5)
                + ", "
                + random.formatted(20, 15)
                + ", random() - 0.5 FROM generate_series(1, 10000)"),
            "CREATE VIEW fuzz_text AS SELECT a, b, c, d, e, a::text AS ta, b::text AS tb, c::text AS tc, d::text AS td, e::text AS te FROM fuzz");
    List<String> wrong = new ArrayList<>();
    long[] compared = {0};
    try (Pipeline pipeline = Pipeline.at(SharedServer.get().url(database))) {
      pipeline.scan(
          "public.fuzz_text",
          batch -> {
            for (int row = 0; row < batch.rows(); row++) {
              for (int column = 0; column < 5; column++) {
                String expected = Literals.of(batch.column(column + 5), row);
                String found = Literals.of(batch.column(column), row);
                compared[0]++;
                if (!expected.equals(found)) {
                  wrong.add(expected + " came as " + found);
                }
              }
            }
          });
    }
    assertThat(wrong).isEmpty();
    assertThat(compared[0]).isEqualTo(50_000);
  }
}
