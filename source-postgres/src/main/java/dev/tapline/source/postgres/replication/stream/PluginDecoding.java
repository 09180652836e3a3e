package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.catalog.StoredEncoding;
import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.pgoutput.PgOutputDecoder;
import dev.tapline.source.postgres.replication.pgoutput.StreamingDecoder;
import dev.tapline.source.postgres.replication.position.LogSplit;
import dev.tapline.source.postgres.replication.routing.ChangeRouter;
import dev.tapline.source.postgres.replication.routing.LogDecoder;
import dev.tapline.source.postgres.replication.wal2json.CatalogColumns;
import dev.tapline.source.postgres.replication.wal2json.Format1Decoder;
import dev.tapline.source.postgres.replication.wal2json.Format2Decoder;
import dev.tapline.source.postgres.sql.Quote;
import java.io.IOException;
import java.util.stream.Collectors;

/// How the messages of an output plug-in are requested and decoded. This is the one place that
/// chooses a decoder.
///
/// @param options what `START_REPLICATION` says
/// @param decoder takes the messages apart
/// @param convertible whether texts can be read as they are stored
record PluginDecoding(String options, LogDecoder decoder, boolean convertible) {
  private static final String FORMAT_1 = "\"format-version\" '1', \"write-in-chunks\" 'true'";
  private static final String FORMAT_2 =
      "\"format-version\" '2', \"actions\" 'insert,update,delete,truncate'";
  private static final String COMMON =
      ", \"include-xids\" 'true', \"include-timestamp\" 'true', \"include-lsn\" 'true', \"include-types\" 'false', \"include-type-oids\" 'true'";

  /// @param options how to read
  static PluginDecoding of(
      Sessions sessions, LogSplit split, ChangeRouter router, ReaderOptions options)
      throws IOException {
    boolean convertible =
        Encoding.of(sessions.with(split.database(), Session::encoding)).isPresent();
    Encoding encoding =
        split.plugin().equals("pgoutput") && !options.fallback().isAsStored()
            ? Encoding.UTF8
            : sessions.with(split.database(), StoredEncoding::required);
    CatalogColumns columns = new CatalogColumns(sessions, split.database());
    return switch (split.plugin()) {
      case "pgoutput" ->
          new PluginDecoding(
              pgoutput(split),
              split.streaming()
                  ? new StreamingDecoder(
                      router, options.spool(), LogReader.ROWS, LogReader.BYTES, encoding)
                  : new PgOutputDecoder(router, encoding),
              convertible);
      case "wal2json" ->
          split.format().equals("1")
              ? new PluginDecoding(
                  wal2json(split, router, FORMAT_1),
                  new Format1Decoder(router, columns, encoding),
                  convertible)
              : new PluginDecoding(
                  wal2json(split, router, FORMAT_2),
                  new Format2Decoder(router, columns, encoding),
                  convertible);
      default ->
          throw new IOException(
              "slot '%s' has the output plug-in '%s', which is not known here; name a slot of pgoutput or wal2json in source.slot"
                  .formatted(split.slot(), split.plugin()));
    };
  }

  private static String pgoutput(LogSplit split) {
    String names = split.publications().stream().map(Quote::name).collect(Collectors.joining(","));
    return (split.streaming()
            ? "(proto_version '2', streaming 'on', publication_names "
            : "(proto_version '1', publication_names ")
        + literal(names)
        + (split.binary() ? ", binary 'true'" : "")
        + ")";
  }

  // Rows of tables beneath a stream's come under names that are not known beforehand.
  private static String wal2json(LogSplit split, ChangeRouter router, String format) {
    String tables =
        router.followsNamedTablesOnly()
            ? ", \"add-tables\" "
                + literal(
                    split.streams().stream()
                        .map(stream ->
                            escaped(stream.name().namespace())
                                + "."
                                + escaped(stream.name().name()))
                        .collect(Collectors.joining(",")))
            : "";
    return "(" + format + COMMON + tables + ")";
  }

  private static String escaped(String name) {
    return name.replaceAll("([\\\\\\s,.'\"*])", "\\\\$1");
  }

  // The language of replication knows no E'' and takes a backslash for itself.
  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
