package dev.tapline.sink.jdbc.preflight;

import static dev.tapline.sink.jdbc.testing.SinkFixture.batch;
import static dev.tapline.sink.jdbc.testing.SinkFixture.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tapline.sink.jdbc.testing.SampleRows;
import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.sink.jdbc.testing.TestDatabase;
import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.source.postgres.testing.MySqlContainer;
import dev.tapline.source.postgres.testing.MySqlFamilyContainer;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The table of `docs/jdbc.md` of what databases cannot hold: each of its rows is tried in each of
/// the databases that it names.
class DocumentedLimitsTest {
  private static final Path PAGE = Path.of("../docs/jdbc.md");
  private static final String HEAD = "| what | where | what is said |";
  private static final Map<String, MySqlFamilyContainer> SERVERS = new TreeMap<>();

  @TempDir Path folder;

  /// What a case says: to a check or as a run ends.
  private interface Case {
    String says(SinkFixture fixture) throws Exception;
  }

  private static final Map<String, Case> CASES =
      Map.ofEntries(
          Map.entry("a long name", names("ä".repeat(257))),
          Map.entry("a name that is too long for a file", names("中".repeat(51))),
          Map.entry("a name with a character beyond", names("a😀")),
          Map.entry("a name that ends in a space", names("a ")),
          Map.entry("a table that begins with", names("sqlite_orders")),
          Map.entry(
              "columns that differ in letter case",
              fixture -> check(fixture, SinkFixture.stream(SinkFixture.schema("Name", "name")))),
          Map.entry(
              "too many columns",
              fixture -> check(fixture, SinkFixture.stream(SampleRows.wide(2_199)))),
          Map.entry(
              "a text of a key that was declared",
              fixture -> check(fixture, SinkFixture.stream(codes("character varying(2000)")))),
          Map.entry(
              "a longer value in such a key",
              fixture -> end(fixture, code("character varying(2000)", "x".repeat(769)))),
          Map.entry(
              "a value of a key that no page",
              fixture -> end(fixture, code("text", random(9_000)))),
          Map.entry("a row larger than a packet", DocumentedLimitsTest::largeRow),
          Map.entry("NaN", fixture -> end(fixture, ratio(Double.NaN))),
          Map.entry(
              "infinity in a number", fixture -> end(fixture, ratio(Double.POSITIVE_INFINITY))),
          Map.entry("an infinite day", fixture -> end(fixture, day(Long.MAX_VALUE))),
          Map.entry(
              "a day beyond the year 9999",
              fixture -> end(fixture, day(LocalDate.of(10_000, 1, 1).toEpochDay()))),
          Map.entry("a row that another unique index", DocumentedLimitsTest::otherUnique),
          Map.entry(
              "a column whose type changes",
              fixture -> {
                fixture.add(note(Scalar.INT64, true));
                return end(fixture, note(Scalar.TEXT, true));
              }),
          Map.entry(
              "a NULL in a column that was",
              fixture -> {
                fixture.add(note(Scalar.TEXT, false));
                Batch nothing = batch(noteOf(Scalar.TEXT, true));
                change(nothing, Change.INSERT, 1, (String) null);
                return end(fixture, nothing);
              }));

  @BeforeAll
  static void start() {
    SERVERS.put("MariaDB", new MariaDbContainer());
    SERVERS.put("MySQL", new MySqlContainer());
    SERVERS.values().forEach(MySqlFamilyContainer::start);
  }

  @AfterAll
  static void stop() {
    SERVERS.values().forEach(MySqlFamilyContainer::stop);
  }

  /// A row of the table, for one of its databases.
  record Row(String what, String database, String said) {}

  static List<Row> rows() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int first = lines.indexOf(HEAD) + 2;
    List<String> table =
        lines.subList(first, lines.size()).stream()
            .takeWhile(line -> line.startsWith("|"))
            .toList();
    assertThat(table).as("the rows and the cases").hasSameSizeAs(CASES.keySet());
    return table.stream()
        .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
        .flatMap(cells ->
            Arrays.stream(cells.get(2).split(", "))
                .map(database -> new Row(cells.get(1), database, cells.get(3))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void saysWhatThePageSays(Row row) throws Exception {
    List<Case> cases =
        CASES.entrySet().stream()
            .filter(entry -> row.what().startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(cases).as("cases of '%s'", row.what()).hasSize(1);

    String text = row.said().substring(row.said().indexOf('`') + 1, row.said().lastIndexOf('`'));
    String pattern =
        Arrays.stream(text.split(Pattern.quote("..."), -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    assertThat(cases.getFirst().says(fixture(row.database())))
        .containsPattern(Pattern.compile(pattern, Pattern.DOTALL));
  }

  private SinkFixture fixture(String database) throws Exception {
    MySqlFamilyContainer server = SERVERS.get(database);
    if (server == null) {
      return new SinkFixture(
          TestDatabase.valueOf(database.toUpperCase(Locale.ROOT).replace("POSTGRESQL", "POSTGRES"))
              .url(folder),
          "shop",
          Map.of());
    }
    String name = "shop_" + Long.toString(System.nanoTime(), 36);
    String login =
        "&user=%s&password=%s&sessionVariables=sql_mode='ANSI_QUOTES'"
            .formatted(MySqlFamilyContainer.USER, MySqlFamilyContainer.PASSWORD);
    new SinkFixture(server.url("tapline") + login, "shop", Map.of())
        .execute("CREATE DATABASE " + name);
    return new SinkFixture(server.url(name) + login, "shop", Map.of());
  }

  private static Case names(String name) {
    return fixture -> check(fixture, SinkFixture.stream(name, SinkFixture.NOTES));
  }

  private static String check(SinkFixture fixture, Stream stream) throws Exception {
    try (Sink sink = fixture.sink()) {
      return sink.check(List.of(stream)).stream()
          .filter(finding -> finding.severity() != Finding.Severity.OK)
          .map(Finding::message)
          .collect(Collectors.joining("\n"));
    }
  }

  private static String end(SinkFixture fixture, Batch rows) {
    Throwable end = catchThrowable(() -> fixture.add(rows));
    assertThat(end).isInstanceOf(IOException.class);
    return String.valueOf(end.getMessage());
  }

  private static Schema codes(String type) {
    return new Schema(List.of(new Field("code", Scalar.TEXT, false, type, "")), List.of("code"));
  }

  private static Batch code(String type, String value) {
    Batch rows = batch(codes(type));
    ((BytesColumn) rows.column(0)).append(value);
    rows.endRow(Change.INSERT, 4711, 0, 1_000_000, 731);
    return rows;
  }

  private static String random(int length) {
    StringBuilder text = new StringBuilder();
    new Random(4711).ints(length, 33, 120).forEach(letter -> text.append((char) letter));
    return text.toString();
  }

  private static Schema of(String name, Scalar type) {
    return new Schema(
        List.of(new Field("id", Scalar.INT64, false, "bigint", ""), Field.of(name, type, "")),
        List.of("id"));
  }

  private static Batch ratio(double value) {
    Batch rows = batch(of("ratio", Scalar.FLOAT64));
    ((LongColumn) rows.column(0)).append(1);
    ((DoubleColumn) rows.column(1)).append(value);
    rows.endRow(Change.INSERT, 4711, 0, 1_000_000, 731);
    return rows;
  }

  private static Batch day(long value) {
    Batch rows = batch(of("day", Scalar.DATE));
    ((LongColumn) rows.column(0)).append(1);
    ((LongColumn) rows.column(1)).append(value);
    rows.endRow(Change.INSERT, 4711, 0, 1_000_000, 731);
    return rows;
  }

  private static Schema noteOf(Scalar type, boolean nullable) {
    return new Schema(
        List.of(
            new Field("id", Scalar.INT64, false, "bigint", ""),
            new Field("note", type, nullable, "", "")),
        List.of("id"));
  }

  private static Batch note(Scalar type, boolean nullable) {
    Batch rows = batch(noteOf(type, nullable));
    ((LongColumn) rows.column(0)).append(1);
    if (rows.column(1) instanceof LongColumn numbers) {
      numbers.append(1);
    } else {
      ((BytesColumn) rows.column(1)).append("one");
    }
    rows.endRow(Change.INSERT, 4711, 0, 1_000_000, 731);
    return rows;
  }

  private static String largeRow(SinkFixture fixture) throws Exception {
    fixture.execute("SET GLOBAL max_allowed_packet = 1048576");
    Batch rows = batch(SinkFixture.NOTES);
    change(rows, Change.INSERT, 1, "x".repeat(2_000_000));
    return end(fixture, rows);
  }

  private static String otherUnique(SinkFixture fixture) throws Exception {
    fixture.add(SampleRows.codes(Change.INSERT, 1, 10, 2, 20));
    fixture.execute("CREATE UNIQUE INDEX other ON \"orders\" (\"code\")");
    return end(fixture, SampleRows.codes(Change.INSERT, 3, 20));
  }
}
