package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.source.postgres.testing.MySqlContainer;
import dev.tapline.source.postgres.testing.SampleValues;
import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every value that breaks other tools goes through the whole product to a database; what is read
/// there is cast back by the source's server, and must be what that has.
class JdbcRoundTripIT {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);

  private static TestServer server;
  private static List<SampleValues.Sample> samples;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start("wal_level = logical");
    samples = SampleValues.fill(server, "postgres");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void everyValueComesBackFromPostgresqlInItsOwnType() throws Exception {
    copied(JdbcDestination.postgresql(server, "copy"), "fail");
  }

  @ParameterizedTest
  @CsvSource({"h2,text", "h2,null", "sqlite,text", "sqlite,null", "duckdb,text", "duckdb,null"})
  void everyValueComesBackFromAnEmbeddedDatabase(String kind, String special) throws Exception {
    copied(JdbcDestination.embedded(kind, folder), special);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "null"})
  void everyValueComesBackFromMariaDb(String special) throws Exception {
    try (MariaDbContainer mariaDb = new MariaDbContainer()) {
      mariaDb.start();
      copied(JdbcDestination.mariaDb(mariaDb), special);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "null"})
  void everyValueComesBackFromMySql(String special) throws Exception {
    try (MySqlContainer mySql = new MySqlContainer()) {
      mySql.start();
      copied(JdbcDestination.mySql(mySql, folder), special);
    }
  }

  private void copied(JdbcDestination destination, String special) throws Exception {
    run(destination, "postgres", "FULL_TABLE", special);
    compare(destination, special);
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql", "sqlite", "h2", "duckdb"})
  void everyValueThatTheLogBringsIsWhatACopyHas(String kind) throws Exception {
    String database = "logged_" + kind;
    server.execute("CREATE DATABASE " + database);
    server.executeIn(database, SampleValues.tables(samples).toArray(String[]::new));
    JdbcDestination destination =
        kind.equals("postgresql")
            ? JdbcDestination.postgresql(server, "log_copy")
            : JdbcDestination.embedded(kind, folder);
    String special = kind.equals("postgresql") ? "fail" : "text";
    for (int i = 0; i < 2; i++) {
      run(destination, database, "LOG_BASED", special);
      if (i == 0) {
        server.executeIn(database, SampleValues.rows(samples).toArray(String[]::new));
      }
    }
    compare(destination, special);
  }

  private String errors = "";

  private void run(JdbcDestination destination, String database, String method, String special)
      throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: %s
        streams: [{table: "public.sample_*"}]
        sink: {type: jdbc, url: "%s"%s, special-values: "%s"}
        """
            .formatted(
                server.url(database), method, destination.url(), destination.keys(), special));
    Distribution.Result result = destination.run(folder, "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
    errors = result.err();
  }

  /// As the driver shows each value best.
  private static Connection connect(JdbcDestination destination) throws SQLException {
    return switch (destination.kind()) {
      case "postgresql" -> {
        Connection copy = destination.connect("&preferQueryMode=simple");
        try (Statement statement = copy.createStatement()) {
          statement.execute("SET TimeZone = 'UTC'; SET extra_float_digits = 3");
        }
        yield copy;
      }
      // Only the binary protocol brings all digits of a FLOAT.
      case "mariadb", "mysql" -> destination.connect("&useServerPrepStmts=true");
      default -> destination.connect();
    };
  }

  private void compare(JdbcDestination destination, String special) throws SQLException {
    try (Connection copy = connect(destination)) {
      compare(copy, destination.quote(), special);
    }
  }

  private void compare(Connection copy, String quote, String special) throws SQLException {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    int nulls = 0;
    try (CastBack source = new CastBack(server)) {
      for (int i = 0; i < samples.size(); i++) {
        String type = samples.get(i).type();
        for (CopiedRow read : rows(copy, quote, i)) {
          String expected = source.original(i, read.id());
          String literal = read.literal();
          String found = literal == null ? null : source.of(literal, type);
          compared++;
          if (expected == null ? found == null : expected.equals(found)) {
            continue;
          }
          if (special.equals("null") && found == null && mayBeNull(String.valueOf(expected))) {
            nulls++;
            assertThat(errors).contains("sample_" + i + ": column 'v':");
          } else {
            wrong.add("%s: expected %s but was %s".formatted(type, expected, literal));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(compared)
        .isEqualTo(samples.stream().mapToInt(sample -> sample.values().size() + 1).sum());
    assertThat(nulls > 0).isEqualTo(special.equals("null"));
  }

  // What the databases have no value for, each of them another.
  private static boolean mayBeNull(String expected) {
    return expected.matches("(?s)-?[Ii]nfinity|NaN|24:00.*|-0|.*e-(4|3[89]|32).*|.* BC|\\d{5,}-.*");
  }

  private record CopiedRow(int id, @Nullable String literal) {}

  private static List<CopiedRow> rows(Connection copy, String quote, int sample)
      throws SQLException {
    List<CopiedRow> rows = new ArrayList<>();
    String table = "%1$spublic__sample_%2$d%1$s".formatted(quote, sample);
    String column = quote + "v" + quote;
    String type = type(copy, column, table);
    String product = copy.getMetaData().getDatabaseProductName();
    boolean duckDb = product.equals("DuckDB");
    String query =
        "SELECT %sid%s, %s FROM %s"
            .formatted(quote, quote, duckDb ? finite(column, type) : column, table);
    try (PreparedStatement statement = copy.prepareStatement(query);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        String literal = product.equals("PostgreSQL") ? result.getString(2) : literal(result, type);
        rows.add(new CopiedRow(result.getInt(1), literal));
      }
    }
    return rows;
  }

  private static String type(Connection copy, String column, String table) throws SQLException {
    try (PreparedStatement statement =
            copy.prepareStatement("SELECT " + column + " FROM " + table);
        ResultSet result = statement.executeQuery()) {
      return result.getMetaData().getColumnTypeName(1);
    }
  }

  // DuckDB's driver shows infinity as a number, and cannot show 24:00.
  private static String finite(String column, String type) {
    return switch (type) {
      case "TIME" -> "CAST(" + column + " AS VARCHAR)";
      case "DATE" ->
          "CASE WHEN isinf(%1$s) THEN CAST(%1$s AS VARCHAR) ELSE CAST(%1$s - DATE '1970-01-01' AS VARCHAR) END"
              .formatted(column);
      case "TIMESTAMP" ->
          "CASE WHEN isinf(%1$s) THEN CAST(%1$s AS VARCHAR) ELSE CAST(epoch_us(%1$s) AS VARCHAR) END"
              .formatted(column);
      case "TIMESTAMP WITH TIME ZONE" ->
          "CASE WHEN %1$s = 'infinity' THEN 'infinity' WHEN %1$s = '-infinity' THEN '-infinity'"
                  .formatted(column)
              + " ELSE CAST(epoch_us(%s) AS VARCHAR) END".formatted(column);
      default -> column;
    };
  }

  private static @Nullable String literal(ResultSet result, String type) throws SQLException {
    // Not every driver has an object for 24:00, and for each day.
    boolean moment = type.startsWith("TIME") || type.startsWith("DATE");
    if ((moment ? result.getString(2) : result.getObject(2)) == null) {
      return null;
    }
    boolean duckDb = result.getMetaData().getColumnTypeName(2).equals("VARCHAR");
    boolean zoned = type.contains("WITH TIME ZONE");
    if (duckDb && (type.equals("DATE") || type.startsWith("TIMESTAMP"))) {
      String text = result.getString(2);
      ChronoUnit unit = type.equals("DATE") ? ChronoUnit.DAYS : ChronoUnit.MICROS;
      return text.endsWith("infinity")
          ? text
          : moment(Instant.EPOCH.plus(Long.parseLong(text), unit), type, zoned);
    }
    if (type.equals("DATE")) {
      LocalDate day = result.getObject(2, LocalDate.class);
      return moment(day.atStartOfDay(ZoneOffset.UTC).toInstant(), type, false);
    }
    if (zoned) {
      return moment(result.getObject(2, OffsetDateTime.class).toInstant(), type, true);
    }
    if (type.startsWith("TIMESTAMP") || type.startsWith("DATETIME")) {
      LocalDateTime time = result.getObject(2, LocalDateTime.class);
      return moment(time.toInstant(ZoneOffset.UTC), type, false);
    }
    Object value = type.startsWith("TIME") ? result.getString(2) : result.getObject(2);
    return switch (value) {
      case byte[] bytes -> "\\x" + HexFormat.of().formatHex(bytes);
      case Blob blob ->
          "\\x" + HexFormat.of().formatHex(blob.getBytes(1, Math.toIntExact(blob.length())));
      case Clob clob -> clob.getSubString(1, Math.toIntExact(clob.length()));
      case Boolean truth -> truth.toString();
      case Float number -> number.toString();
      case Double number -> number.toString();
      default -> result.getString(2);
    };
  }

  private static String moment(Instant moment, String type, boolean zoned) {
    LocalDateTime time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    int year = time.getYear();
    String day =
        "%04d-%02d-%02d"
            .formatted(year > 0 ? year : 1 - year, time.getMonthValue(), time.getDayOfMonth());
    String clock = type.equals("DATE") ? "" : " " + TIME.format(time);
    return day + clock + (zoned ? "+00" : "") + (year > 0 ? "" : " BC");
  }
}
