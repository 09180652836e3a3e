package dev.tapline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.config.PostgresSourceConfig;
import dev.tapline.source.postgres.config.PostgresSourceOptions;
import dev.tapline.source.postgres.connection.Environment;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.position.LogPosition;
import dev.tapline.source.postgres.replication.routing.ChangeRouter;
import dev.tapline.source.postgres.replication.routing.LogDecoder;
import dev.tapline.source.postgres.replication.wal2json.CatalogColumns;
import dev.tapline.source.postgres.replication.wal2json.Format1Decoder;
import dev.tapline.source.postgres.replication.wal2json.Format2Decoder;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The messages of transactions of 100 rows of wal2json, decoded by the source and by its rival,
/// over and over. The source asks a server for what the messages leave out.
public final class LogDecoding implements AutoCloseable {
  /// How many rows one call decodes.
  public static final int ROWS = 4_000;

  private static final int IN_TRANSACTION = 100;
  private static final StreamName NAME = new StreamName("postgres", "public", "w");
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              Field.of("id", Scalar.INT64, "bigint"),
              Field.of("a", Scalar.INT32, "integer"),
              Field.of("c", new DataType.Decimal(12, 2), "numeric(12,2)"),
              Field.of("d", Scalar.FLOAT64, "double precision"),
              Field.of("e", Scalar.BOOLEAN, "boolean"),
              Field.of("f", Scalar.TEXT, "text"),
              Field.of("g", Scalar.TEXT, "character varying(40)"),
              Field.of("h", Scalar.TIMESTAMP_TZ, "timestamp with time zone"),
              Field.of("i", Scalar.DATE, "date"),
              Field.of("k", Scalar.JSON, "jsonb")),
          List.of("id"));
  private static final int[] TYPES = {20, 23, 1700, 701, 16, 25, 1043, 1184, 1082, 3802};

  private final TestServer server = TestServer.start();
  private final Sessions sessions;
  private final List<byte[]> messages = new ArrayList<>();
  private final ChangeRouter router;
  private final LogDecoder own;
  private final JacksonLogDecoder library;

  /// Makes the messages, and makes sure that the two decoders read the same values out of them.
  ///
  /// @param format of the messages, 1 or 2
  /// @throws IllegalStateException if they differ
  public LogDecoding(int format) throws IOException {
    server.execute(
        "CREATE TABLE w (id bigint PRIMARY KEY, a int, c numeric(12,2), d double precision, e boolean, f text, g varchar(40), h timestamptz, i date, k jsonb)");
    sessions =
        new Sessions(
            PostgresSourceConfig.read(
                    Config.of(PostgresSourceOptions.SPEC, Map.of("url", server.url())),
                    Environment.ofProcess(),
                    problem -> {
                      throw new IllegalStateException(problem.message());
                    })
                .connection());
    long oid = Long.parseLong(server.value("SELECT 'w'::regclass::oid"));
    LogPosition start = new LogPosition(0, oid, "", Optional.empty(), "");
    router =
        new ChangeRouter(
            sessions, "postgres", List.of(new FollowedStream(NAME, start, SCHEMA, false)));
    CatalogColumns columns = new CatalogColumns(sessions, "postgres");
    own =
        format == 1
            ? new Format1Decoder(router, columns, Encoding.UTF8)
            : new Format2Decoder(router, columns, Encoding.UTF8);
    library = new JacksonLogDecoder(new Batch(NAME, SCHEMA, ROWS));
    for (int i = 0; i < ROWS; i += IN_TRANSACTION) {
      transaction(format, i);
    }
    Batch mine = own();
    if (mine.rows() != ROWS) {
      throw new IllegalStateException(ROWS + " rows sent, " + mine.rows() + " decoded");
    }
    BatchComparison.requireEqual(mine, library());
  }

  private void transaction(int format, int first) {
    String head = "\"xid\":%d,\"timestamp\":\"2026-11-21 13:00:00.123456+00\"".formatted(first);
    add(
        format == 1
            ? "{\"xid\":%d,\"nextlsn\":\"0/%X\",\"timestamp\":\"2026-11-21 13:00:00.123456+00\",\"change\":["
                .formatted(first, 4096 + first)
            : "{\"action\":\"B\",%s,\"lsn\":\"0/%X\",\"nextlsn\":\"0/%X\"}"
                .formatted(head, 4090 + first, 4096 + first));
    for (int i = 0; i < IN_TRANSACTION; i++) {
      add(row(format, first + i, head, i > 0));
    }
    add(
        format == 1
            ? "]}"
            : "{\"action\":\"C\",%s,\"lsn\":\"0/%X\",\"nextlsn\":\"0/%X\"}"
                .formatted(head, 4090 + first, 4096 + first));
  }

  private static List<String> values(int i) {
    return List.of(
        String.valueOf(i),
        String.valueOf(i % 1000),
        (i % 100000) + ".25",
        String.valueOf(i * 0.5 + 0.125),
        i % 2 == 0 ? "true" : "false",
        "\"some text of row " + i + "\"",
        "\"name" + i % 500 + "\"",
        "\"2026-01-01 00:%02d:00+00\"".formatted(i % 60),
        "\"2026-01-%02d\"".formatted(1 + i % 28),
        "\"{\\\"k\\\": %d, \\\"tag\\\": \\\"v%d\\\"}\"".formatted(i, i % 10));
  }

  private static String row(int format, int i, String head, boolean comma) {
    List<String> values = values(i);
    StringBuilder names = new StringBuilder();
    StringBuilder types = new StringBuilder();
    StringBuilder columns = new StringBuilder();
    for (int c = 0; c < TYPES.length; c++) {
      String between = c == 0 ? "" : ",";
      String name = SCHEMA.fields().get(c).name();
      names.append(between).append('"').append(name).append('"');
      types.append(between).append(TYPES[c]);
      columns
          .append(between)
          .append("{\"name\":\"%s\",\"typeoid\":%d,\"value\":".formatted(name, TYPES[c]))
          .append(values.get(c))
          .append('}');
    }
    return format == 1
        ? (comma ? "," : "")
            + "{\"kind\":\"insert\",\"schema\":\"public\",\"table\":\"w\",\"columnnames\":[%s],\"columntypeoids\":[%s],\"columnvalues\":[%s]}"
                .formatted(names, types, String.join(",", values))
        : "{\"action\":\"I\",%s,\"lsn\":\"0/%X\",\"schema\":\"public\",\"table\":\"w\",\"columns\":[%s]}"
            .formatted(head, i + 64, columns);
  }

  private void add(String message) {
    messages.add(message.getBytes(UTF_8));
  }

  /// The batch, by the source's decoder. It may write into a message, so each is copied first, for
  /// the rival too.
  public Batch own() throws IOException {
    router.clear();
    for (byte[] message : messages) {
      own.decode(message.clone(), 0);
    }
    return router.batches().getFirst();
  }

  /// The batch, by Jackson's streaming parser.
  public Batch library() throws IOException {
    library.batch().clear(0);
    for (byte[] message : messages) {
      library.decode(message.clone());
    }
    return library.batch();
  }

  @Override
  public void close() throws IOException {
    sessions.close();
    server.close();
  }
}
