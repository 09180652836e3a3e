package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.activity.OpenTransaction;
import dev.tapline.source.postgres.activity.ServerActivity;
import dev.tapline.source.postgres.activity.TransactionWait;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for transactions that have written to a table before it was published: the log lacks what
/// they wrote until then, and a snapshot that is taken before they end does not see it either.
public final class TableWriters {
  private static final Logger LOG = LoggerFactory.getLogger(TableWriters.class);

  private final Session session;

  public TableWriters(Session session) {
    this.session = session;
  }

  public void awaitEndOf(Collection<Table> tables) throws SQLException, InterruptedException {
    if (tables.isEmpty()) {
      return;
    }
    Set<String> oids = new TreeSet<>();
    tables.forEach(table -> collect(table, oids));
    // Whoever has written to a table holds this lock on it until the transaction's end.
    String query =
        """
        SELECT virtualtransaction FROM pg_catalog.pg_locks
        WHERE locktype = 'relation' AND granted AND relation = ANY ('{%s}')
          AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
          AND mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                       'AccessExclusiveLock')
        """
            .formatted(String.join(",", oids));
    Set<String> writers = new HashSet<>(session.query(query, row -> row.getString(1)));
    TransactionWait.until(
        () -> {
          if (!writers.isEmpty()) {
            writers.retainAll(session.query(query, row -> row.getString(1)));
          }
          return writers.isEmpty();
        },
        () -> {
          List<OpenTransaction> open = ServerActivity.of(session, writers);
          LOG.warn(
              "waiting for {} transactions that were writing to {} when it joined: {}; {}",
              writers.size(),
              tables.stream()
                  .map(table -> table.name().toString())
                  .collect(Collectors.joining(", ")),
              ServerActivity.said(open),
              open.isEmpty() ? "" : open.getFirst().remedy());
        });
  }

  private static void collect(Table table, Set<String> oids) {
    oids.add(String.valueOf(table.facts().oid()));
    table.children().forEach(child -> collect(child, oids));
  }
}
