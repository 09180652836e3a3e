package dev.tapline.source.postgres.log.stream;

import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.log.LogRead;
import dev.tapline.source.postgres.log.pgoutput.PgOutputDecoder;
import dev.tapline.source.postgres.log.rows.LogDecoder;
import dev.tapline.source.postgres.log.rows.Router;
import java.io.IOException;
import java.util.stream.Collectors;

/// How the messages of a slot's output plug-in are asked for and decoded.
///
/// @param options what `START_REPLICATION` says
/// @param decoder takes the messages apart
record Decoding(String options, LogDecoder decoder) {
  static Decoding of(LogRead read, Router router) throws IOException {
    return switch (read.plugin()) {
      case "pgoutput" -> new Decoding(pgoutput(read), new PgOutputDecoder(router));
      default ->
          throw new IOException(
              "slot '%s' has the output plug-in '%s', which is not known here; name a slot of pgoutput or wal2json in source.slot"
                  .formatted(read.slot(), read.plugin()));
    };
  }

  private static String pgoutput(LogRead read) {
    String names = read.publications().stream().map(Quote::name).collect(Collectors.joining(","));
    return "(proto_version '1', publication_names " + literal(names) + ")";
  }

  // The language of replication knows no E'' and takes a backslash for itself.
  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
