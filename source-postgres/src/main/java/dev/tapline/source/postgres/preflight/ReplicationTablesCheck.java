package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.publication.IdentityGaps;
import dev.tapline.source.postgres.replication.publication.LoggedTables;
import dev.tapline.source.postgres.replication.publication.ReplicaIdentities;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Checks whether the log includes every change of each table, and identifies its row.
final class ReplicationTablesCheck implements Check {
  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    Collection<Table> tables =
        CatalogReader.readSome(
                session,
                LogBasedStreams.among(session, streams).stream().map(Stream::name).toList())
            .values();
    if (tables.isEmpty()) {
      return List.of();
    }
    ReplicaIdentities identities = ReplicaIdentities.of(session, tables);
    Set<Long> others = ReplicaIdentities.withoutTheirKey(session, tables);
    LoggedTables logged = LoggedTables.of(session, tables);
    List<Finding> findings = new ArrayList<>();
    for (Table table : tables) {
      long oid = table.facts().oid();
      StreamName subject = table.name();
      Optional<LoggedTables.Refusal> refusal = logged.refusal(table, false);
      List<IdentityGaps.Loss> losses = IdentityGaps.of(table, identities);
      if (refusal.isPresent()) {
        findings.add(Finding.error(subject, refusal.get().problem(), refusal.get().remedy()));
      } else if (table.facts().isOfServer()) {
        findings.add(
            Finding.warning(
                subject,
                "it was made when the server was set up: PostgreSQL publishes no such table, so pgoutput cannot bring it",
                "give it method: FULL_TABLE"));
      } else if (!losses.isEmpty()) {
        losses.forEach(
            loss -> findings.add(Finding.warning(subject, loss.problem(), loss.remedy())));
      } else if (others.contains(oid)) {
        findings.add(
            Finding.warning(
                subject,
                "its replica identity is an index without its primary key: the stream ends with the first UPDATE or DELETE",
                "ALTER TABLE %s REPLICA IDENTITY DEFAULT;".formatted(table.facts().quoted())));
      }
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok("replica identity", "every table has one that tells rows apart"));
    }
    return findings;
  }
}
