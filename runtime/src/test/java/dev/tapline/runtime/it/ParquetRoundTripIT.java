package dev.tapline.runtime.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SampleValues;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every value that breaks other tools goes through the whole product to Parquet; what DuckDB reads
/// is cast back by the server, and must be what the server has.
class ParquetRoundTripIT {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"text", "null"})
  void everyValueComesBack(String special) throws Exception {
    try (TestServer server = TestServer.start();
        ParquetOutput output = new ParquetOutput()) {
      List<SampleValues.Sample> samples = SampleValues.fill(server, "postgres");
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          """
          source: {type: postgres, url: "%s"}
          method: FULL_TABLE
          streams: [{table: "public.sample_*"}]
          sink: {type: parquet, path: out, special-values: "%s", arrays: %s}
          """
              .formatted(server.url(), special, special.equals("text") ? "text" : "list"));

      Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");

      assertThat(result.code()).as("%s", result).isZero();
      List<String> wrong = new ArrayList<>();
      int compared = 0;
      int nulls = 0;
      try (CastBack source = new CastBack(server)) {
        for (int i = 0; i < samples.size(); i++) {
          String type = samples.get(i).type();
          for (Read read : rows(output, "public__sample_" + i)) {
            String expected = source.original(i, read.id());
            String found = read.literal() == null ? null : back(source, read.literal(), type);
            compared++;
            if (expected == null ? found == null : expected.equals(found)) {
              continue;
            }
            if (special.equals("null") && mayBeNull(expected) && !isWhole(found)) {
              nulls++;
              assertThat(result.err()).contains("sample_" + i + ": column 'v':");
            } else {
              wrong.add("%s: expected %s but was %s".formatted(type, expected, found));
            }
          }
        }
      }
      assertThat(wrong).isEmpty();
      assertThat(compared)
          .isEqualTo(samples.stream().mapToInt(sample -> sample.values().size() + 1).sum());
      assertThat(nulls > 0).isEqualTo(special.equals("null"));
    }
  }

  private record Read(int id, String literal) {}

  private static boolean isWhole(String found) {
    return found != null && !found.contains("NULL");
  }

  // What the formats have no value for: infinity, NaN in a decimal, 24:00, the last years, arrays
  // that do not count from 1 or have more dimensions, and these within arrays.
  private static boolean mayBeNull(String expected) {
    return expected.matches(
        "(?s).*(infinity|Infinity|NaN).*|24:00.*|294276.*|\\[-?\\d+:.*|\\{\\{.*");
  }

  private List<Read> rows(ParquetOutput output, String destination)
      throws SQLException, IOException {
    String table = ParquetOutput.table(folder.resolve("out"), destination);
    List<Read> rows = new ArrayList<>();
    try (Statement statement = output.statement()) {
      String type;
      try (ResultSet result = statement.executeQuery("DESCRIBE SELECT v FROM " + table)) {
        result.next();
        type = result.getString(2);
      }
      boolean list = type.endsWith("[]");
      String scalar = list ? type.substring(0, type.length() - 2) : type;
      String select =
          list ? "list_transform(v, lambda x: " + text("x", scalar) + ")" : text("v", scalar);
      try (ResultSet result = statement.executeQuery("SELECT id, " + select + " FROM " + table)) {
        while (result.next()) {
          rows.add(new Read(result.getInt(1), literal(result.getObject(2), scalar)));
        }
      }
    }
    return rows;
  }

  private static String text(String value, String type) {
    return switch (type) {
      case "BLOB" -> "'\\x' || lower(hex(" + value + "))";
      case "DATE" -> "CAST(" + value + " - DATE '1970-01-01' AS VARCHAR)";
      case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> "CAST(epoch_us(" + value + ") AS VARCHAR)";
      default -> "CAST(" + value + " AS VARCHAR)";
    };
  }

  private static String literal(Object value, String type) throws SQLException {
    if (value == null) {
      return null;
    }
    if (!(value instanceof java.sql.Array array)) {
      return scalar(value.toString(), type);
    }
    StringBuilder literal = new StringBuilder("{");
    for (Object element : (Object[]) array.getArray()) {
      literal.append(literal.length() == 1 ? "" : ",");
      if (element == null) {
        literal.append("NULL");
      } else {
        String text = scalar(element.toString(), type);
        literal.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
    }
    return literal.append('}').toString();
  }

  private static String scalar(String text, String type) {
    if (type.equals("DATE")) {
      return day(LocalDate.ofEpochDay(Long.parseLong(text)), "");
    }
    if (!type.startsWith("TIMESTAMP")) {
      return text;
    }
    long micros = Long.parseLong(text);
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1_000,
            ZoneOffset.UTC);
    return day(time.toLocalDate(), " " + TIME.format(time) + (type.length() > 9 ? "+00" : ""));
  }

  private static String day(LocalDate date, String time) {
    String day = date.getYear() > 0 && date.getYear() < 10_000 ? DAY.format(date) : "";
    if (day.isEmpty()) {
      int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
      day = "%04d-%02d-%02d".formatted(year, date.getMonthValue(), date.getDayOfMonth());
    }
    return day + time + (date.getYear() > 0 ? "" : " BC");
  }

  private static String back(CastBack source, String literal, String type) throws SQLException {
    // box is the one type whose arrays have another delimiter; DuckDB's list has none.
    return source.of(
        type.equals("box[]") && literal.startsWith("{\"")
            ? literal.replace("\",\"", "\";\"")
            : literal,
        type);
  }
}
