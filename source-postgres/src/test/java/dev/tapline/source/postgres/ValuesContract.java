package dev.tapline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SampleValues;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// Scans a table of each type and has the server itself compare every value with what it has.
final class ValuesContract {
  private final TestServer server;

  ValuesContract(TestServer server) {
    this.server = server;
  }

  void holds(String database) throws Exception {
    List<SampleValues.Sample> samples = SampleValues.fill(server, database);
    List<String> failures = new ArrayList<>();
    int compared = 0;
    try (Pipeline pipeline = Pipeline.at(server.url(database));
        // In simple mode the driver hands out the server's own text.
        Connection connection =
            DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&preferQueryMode=simple"
                    .formatted(server.port(), database))) {
      Catalog catalog = pipeline.discover();
      List<Stream> streams =
          catalog.relations().stream()
              .filter(relation -> relation.name().name().startsWith("sample_"))
              .map(Pipeline::stream)
              .toList();
      assertThat(streams).hasSameSizeAs(samples);
      try (Snapshot snapshot = pipeline.source.openSnapshot(streams)) {
        for (Stream stream : streams) {
          int number = Integer.parseInt(stream.name().name().substring("sample_".length()));
          List<String> found = read(pipeline, stream, snapshot);
          compared += compare(connection, number, samples.get(number), stream, found, failures);
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(compared)
        .isEqualTo(samples.stream().mapToInt(sample -> sample.values().size() + 1).sum());
  }

  private static List<String> read(Pipeline pipeline, Stream stream, Snapshot snapshot)
      throws Exception {
    List<String> values = new ArrayList<>();
    for (Split split : pipeline.source.split(stream, snapshot, 2)) {
      pipeline.read(
          split,
          batch -> {
            Column column = batch.column(1);
            for (int row = 0; row < batch.rows(); row++) {
              assertThat(batch.row(row).integer("id")).isEqualTo(values.size());
              values.add(Literals.of(column, row));
            }
          });
    }
    return values;
  }

  private int compare(
      Connection connection,
      int number,
      SampleValues.Sample sample,
      Stream stream,
      List<String> found,
      List<String> failures)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'; SET extra_float_digits = 3");
      int row = 0;
      List<String> expected = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT v FROM sample_%d ORDER BY id".formatted(number))) {
        while (rows.next()) {
          expected.add(rows.getString(1));
        }
      }
      assertThat(found).as(sample.type()).hasSameSizeAs(expected);
      for (String value : expected) {
        String back = back(statement, sample.type(), stream, found.get(row));
        if (value == null ? back != null : !value.equals(back)) {
          failures.add(
              sample.type()
                  + ": expected "
                  + value
                  + " but was "
                  + back
                  + " from "
                  + found.get(row));
        }
        row++;
      }
      return row;
    }
  }

  // Text needs no interpretation and must be the same as it is; the rest goes through the server.
  private static String back(Statement statement, String type, Stream stream, String literal)
      throws SQLException {
    Object kind = stream.schema().fields().get(1).type();
    if (literal == null || kind == Scalar.TEXT || kind == Scalar.OPAQUE || kind == Scalar.JSON) {
      return literal;
    }
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT E'%s'::%s".formatted(literal.replace("\\", "\\\\").replace("'", "''"), type))) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      return e.getMessage();
    }
  }
}
