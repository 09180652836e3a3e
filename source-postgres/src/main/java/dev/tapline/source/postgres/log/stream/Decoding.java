package dev.tapline.source.postgres.log.stream;

import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.connect.Ask;
import dev.tapline.source.postgres.connect.Session;
import dev.tapline.source.postgres.connect.Sessions;
import dev.tapline.source.postgres.decode.Encoding;
import dev.tapline.source.postgres.log.DatabaseEncoding;
import dev.tapline.source.postgres.log.LogSplit;
import dev.tapline.source.postgres.log.pgoutput.PgOutputDecoder;
import dev.tapline.source.postgres.log.pgoutput.StreamedDecoder;
import dev.tapline.source.postgres.log.rows.LogDecoder;
import dev.tapline.source.postgres.log.rows.Router;
import dev.tapline.source.postgres.log.wal2json.CatalogColumns;
import dev.tapline.source.postgres.log.wal2json.Format1Decoder;
import dev.tapline.source.postgres.log.wal2json.Format2Decoder;
import java.io.IOException;
import java.util.stream.Collectors;

/// How the messages of a slot's output plug-in are asked for and decoded.
///
/// @param options what `START_REPLICATION` says
/// @param decoder takes the messages apart
/// @param convertible whether texts can be read as they are stored
record Decoding(String options, LogDecoder decoder, boolean convertible) {
  private static final String FORMAT_1 = "\"format-version\" '1', \"write-in-chunks\" 'true'";
  private static final String FORMAT_2 =
      "\"format-version\" '2', \"actions\" 'insert,update,delete,truncate'";
  private static final String COMMON =
      ", \"include-xids\" 'true', \"include-timestamp\" 'true', \"include-lsn\" 'true', \"include-types\" 'false', \"include-type-oids\" 'true'";

  /// @param manner how to read
  static Decoding of(Sessions sessions, LogSplit split, Router router, LogReader.Manner manner)
      throws IOException {
    boolean convertible =
        Encoding.of(Ask.in(sessions, split.database(), Session::encoding)).isPresent();
    Encoding encoding =
        split.plugin().equals("pgoutput") && !manner.fallback().isAsStored()
            ? Encoding.UTF8
            : Ask.in(sessions, split.database(), DatabaseEncoding::required);
    CatalogColumns columns = new CatalogColumns(sessions, split.database());
    return switch (split.plugin()) {
      case "pgoutput" ->
          new Decoding(
              pgoutput(split),
              split.streaming()
                  ? new StreamedDecoder(
                      router, manner.spool(), LogReader.ROWS, LogReader.BYTES, encoding)
                  : new PgOutputDecoder(router, encoding),
              convertible);
      case "wal2json" ->
          split.format().equals("1")
              ? new Decoding(
                  wal2json(split, router, FORMAT_1),
                  new Format1Decoder(router, columns, encoding),
                  convertible)
              : new Decoding(
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
  private static String wal2json(LogSplit split, Router router, String format) {
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
