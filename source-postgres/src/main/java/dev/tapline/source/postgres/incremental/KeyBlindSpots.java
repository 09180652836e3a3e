package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What reading by a key cannot see, whatever the position is: rows whose key is lower than that of
/// rows that could be read before them.
public final class KeyBlindSpots {
  /// Shows the longest transaction that there is now.
  public static final String LONGEST_TRANSACTION =
      "SELECT max(now() - xact_start) FROM pg_stat_activity;";

  private static final Logger LOG = LoggerFactory.getLogger(KeyBlindSpots.class);
  private static final int NAMED = 3;
  private static final int SAMPLE = 100;
  private static final int VERSION_WITH_SEQUENCE_CATALOG = 100_000;

  // The sequences that give columns their values: by a default, or as an identity.
  private static String sequences(String columns) {
    return """
    SELECT n.nspname, c.relname, a.attname, s.seqcache, s.seqcycle, s.seqincrement,
           pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(sc.relname)
    FROM (VALUES %s) AS wanted (namespace, name, attribute)
    JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.namespace::pg_catalog.name
    JOIN pg_catalog.pg_class c
      ON c.relnamespace = n.oid AND c.relname = wanted.name::pg_catalog.name
    JOIN pg_catalog.pg_attribute a
      ON a.attrelid = c.oid AND a.attname = wanted.attribute::pg_catalog.name
    JOIN LATERAL (
      SELECT d.refobjid AS oid
      FROM pg_catalog.pg_attrdef f
      JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid
           AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      WHERE f.adrelid = c.oid AND f.adnum = a.attnum
      UNION
      SELECT d.objid
      FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'i'
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND d.refobjid = c.oid AND d.refobjsubid = a.attnum
    ) AS giver ON true
    JOIN pg_catalog.pg_sequence s ON s.seqrelid = giver.oid
    JOIN pg_catalog.pg_class sc ON sc.oid = s.seqrelid
    JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
    WHERE s.seqcache > 1 OR s.seqcycle OR s.seqincrement < 0
    """
        .formatted(columns);
  }

  private KeyBlindSpots() {}

  /// What is said of streams that have no lookback, all together; nothing when each has one.
  public static Optional<String> lateCommits(List<Stream> streams) {
    List<String> without =
        streams.stream()
            .filter(stream -> stream.lookback().isEmpty())
            .map(stream -> stream.name().toString())
            .toList();
    if (without.isEmpty()) {
      return Optional.empty();
    }
    String names =
        without.stream().limit(NAMED).collect(Collectors.joining(", "))
            + (without.size() > NAMED ? " and %d more".formatted(without.size() - NAMED) : "");
    return Optional.of(
        "%s %s read by key without a lookback: a row that is committed after rows of a higher key were read never comes"
            .formatted(names, without.size() == 1 ? "is" : "are"));
  }

  /// The remedy.
  public static String ofLateCommits() {
    return "set lookback to more than the longest transaction takes; the longest one now: "
        + LONGEST_TRANSACTION;
  }

  /// Why keys need not grow, as far as types, defaults, sequences and some rows tell.
  ///
  /// @param session in a transaction
  /// @param streams streams of its database that can be read by their keys
  public static Map<StreamName, List<String>> find(Session session, List<Stream> streams)
      throws SQLException {
    Map<StreamName, List<String>> found = new LinkedHashMap<>();
    for (Stream stream : streams) {
      for (Field field : KeyTypes.fields(stream)) {
        String doubt = KeyTypes.doubt(field);
        if (!doubt.isEmpty() && !(KeyTypes.isUuid(field) && isTimed(session, stream, field))) {
          found.computeIfAbsent(stream.name(), _ -> new ArrayList<>()).add(doubt);
        }
      }
    }
    if (session.version() >= VERSION_WITH_SEQUENCE_CATALOG) {
      addSequences(session, streams, found);
    }
    return found;
  }

  // A table that cannot be read now is not known to have such values.
  private static boolean isTimed(Session session, Stream stream, Field field) throws SQLException {
    session.execute("SAVEPOINT before_sample; SET LOCAL lock_timeout = '2s'");
    try {
      boolean grows = grows(session, stream, field);
      session.execute("SET LOCAL lock_timeout = 0; RELEASE SAVEPOINT before_sample");
      return grows;
    } catch (SQLException e) {
      LOG.debug("stream {}: its key is not looked at", stream.name(), e);
      session.execute("ROLLBACK TO SAVEPOINT before_sample");
      return false;
    }
  }

  // UUIDs of versions 6 and 7 begin with the time.
  private static boolean grows(Session session, Stream stream, Field field) throws SQLException {
    String table = Quote.name(stream.name().namespace()) + "." + Quote.name(stream.name().name());
    String column = Quote.name(field.name());
    List<Boolean> timed =
        session.query(
            """
            SELECT pg_catalog.substr(%1$s::pg_catalog.text, 15, 1)
                   OPERATOR(pg_catalog.=) ANY ('{6,7}'::pg_catalog.text[])
            FROM (SELECT %1$s FROM %2$s
                  WHERE %1$s OPERATOR(pg_catalog.<>) '%3$s'::pg_catalog.uuid LIMIT %4$d) AS rows
            """
                .formatted(column, table, OutlierKeys.MAX_UUID, SAMPLE),
            row -> row.getBoolean(1));
    if (!timed.isEmpty()) {
      return timed.stream().allMatch(value -> value);
    }
    return session
        .query(
            """
            SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid)
            FROM pg_catalog.pg_attrdef d
            JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
            JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = %s AND c.relname = %s AND a.attname = %s
            """
                .formatted(
                    Quote.text(stream.name().namespace()),
                    Quote.text(stream.name().name()),
                    Quote.text(field.name())),
            row -> row.getString(1))
        .stream()
        .anyMatch(expression -> expression.toLowerCase(Locale.ROOT).matches(".*v[67]\\W*\\(.*"));
  }

  private static void addSequences(
      Session session, List<Stream> streams, Map<StreamName, List<String>> found)
      throws SQLException {
    // A lookback in numbers can cover what other sessions have in their caches.
    String wanted =
        streams.stream()
            .filter(stream -> stream.lookback().isEmpty())
            .flatMap(stream ->
                stream.replicationKey().stream()
                    .map(key ->
                        "(%s,%s,%s)"
                            .formatted(
                                Quote.text(stream.name().namespace()),
                                Quote.text(stream.name().name()),
                                Quote.text(key))))
            .collect(Collectors.joining(","));
    if (wanted.isEmpty()) {
      return;
    }
    session
        .query(
            sequences(wanted),
            row ->
                Map.entry(
                    new StreamName(session.database(), row.getString(1), row.getString(2)),
                    sequence(
                        row.getString(3),
                        row.getString(7),
                        row.getLong(4),
                        row.getBoolean(5),
                        row.getLong(6))))
        .forEach(entry ->
            found.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(entry.getValue()));
  }

  private static String sequence(
      String key, String sequence, long cache, boolean cycle, long increment) {
    String why;
    if (increment < 0) {
      why = "counts downwards, so new rows lie below the position and never come";
    } else if (cycle) {
      why = "begins anew at its end, after which new rows lie below the position and never come";
    } else {
      why =
          "gives each session %d values at once, so rows of one session that come after rows of another one lie below the position and never come; ALTER SEQUENCE %s CACHE 1; or set lookback"
              .formatted(cache, sequence);
    }
    return "the sequence %s of its replication key '%s' %s".formatted(sequence, key, why);
  }
}
