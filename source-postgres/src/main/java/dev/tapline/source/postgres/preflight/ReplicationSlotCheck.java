package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.activity.OpenTransaction;
import dev.tapline.source.postgres.activity.ServerActivity;
import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.StoredEncoding;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.config.ReplicationConfig;
import dev.tapline.source.postgres.config.ReplicationConfig.Plugin;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.publication.IdentityGaps;
import dev.tapline.source.postgres.replication.publication.Publications;
import dev.tapline.source.postgres.replication.publication.PublishedSubset;
import dev.tapline.source.postgres.replication.publication.ReplicaIdentities;
import dev.tapline.source.postgres.replication.slot.ReplicationProtocol;
import dev.tapline.source.postgres.replication.slot.ReplicationSlot;
import dev.tapline.source.postgres.replication.slot.RetainedWal;
import dev.tapline.source.postgres.replication.slot.SlotCreator;
import dev.tapline.source.postgres.replication.slot.SlotName;
import dev.tapline.source.postgres.replication.slot.SlotState;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Checks whether the slot, its output plug-in and the publication exist or can be created, and
/// whether the server accepts a replication connection.
final class ReplicationSlotCheck implements Check {
  private static final String LIBRARIES = "output_plugin_libraries";

  private final ReplicationConfig config;
  private final Sessions sessions;

  ReplicationSlotCheck(ReplicationConfig config, Sessions sessions) {
    this.config = config;
    this.sessions = sessions;
  }

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    List<Stream> followed = LogBasedStreams.among(session, streams);
    if (followed.isEmpty()) {
      return List.of();
    }
    List<Table> tables =
        CatalogReader.readSome(session, followed.stream().map(Stream::name).toList())
            .values()
            .stream()
            .sorted(Comparator.comparing(table -> table.name().toString()))
            .toList();
    List<Finding> findings = new ArrayList<>();
    ReplicationSlot slot =
        new ReplicationSlot(session, SlotName.of(session, config), config.plugin());
    try {
      Optional<SlotState> found = slot.find(Map.of());
      Plugin plugin =
          found.isPresent()
              ? Plugin.valueOf(found.get().plugin().toUpperCase(Locale.ROOT))
              : new SlotCreator(session, config, slot).choose(tables);
      findings.add(told(slot, found, plugin));
      findings.addAll(ReplicationFactsCheck.of(session, config, plugin, followed, tables));
      findings.addAll(transactions(session, found));
      if (plugin == Plugin.PGOUTPUT) {
        findings.addAll(published(session, tables));
        findings.addAll(hidden(session, tables, List.of(config.publicationOf(session.database()))));
      } else {
        findings.addAll(hidden(session, tables, List.of()));
        findings.addAll(allowed(session));
        findings.addAll(Wal2JsonLimits.of(tables, config.format()));
        StoredEncoding.required(session);
      }
    } catch (IOException e) {
      findings.add(Finding.error("slot", String.valueOf(e.getMessage()), ""));
    }
    findings.add(connection(session.database()));
    return findings;
  }

  private Finding told(ReplicationSlot slot, Optional<SlotState> found, Plugin plugin) {
    if (found.isPresent()) {
      String reader =
          found.get().activePid().isPresent()
              ? ", read by PID " + found.get().activePid().getAsLong() + " now"
              : "";
      String kept =
          found.get().held().isPresent()
              ? ", for which the server keeps %d MB of log"
                  .formatted(found.get().held().getAsLong() >> 20)
              : "";
      return Finding.ok(
          "slot",
          "slot '%s' of %s is there%s%s".formatted(slot.name(), plugin.word(), kept, reader));
    }
    return config.createSlot()
        ? Finding.ok("slot", "slot '%s' of %s will be made".formatted(slot.name(), plugin.word()))
        : Finding.error(
            "slot",
            "slot '%s' is missing and create-slot is false".formatted(slot.name()),
            "SELECT pg_create_logical_replication_slot('%s', '%s');"
                .formatted(slot.name(), plugin.word()));
  }

  private static List<Finding> transactions(Session session, Optional<SlotState> slot)
      throws SQLException {
    List<OpenTransaction> all = ServerActivity.all(session);
    Optional<OpenTransaction> holder = slot.flatMap(it -> RetainedWal.holder(it, all));
    List<Finding> findings = new ArrayList<>();
    holder.ifPresent(one ->
        findings.add(
            Finding.warning("slot", RetainedWal.said(slot.orElseThrow(), one), one.remedy())));
    all.stream()
        .filter(RetainedWal::isOld)
        .filter(one -> !holder.equals(Optional.of(one)))
        .map(one ->
            Finding.warning(
                "transactions",
                "%s: making a slot waits for its end, and slots keep the log from its beginning on"
                    .formatted(one.said()),
                one.remedy()))
        .forEach(findings::add);
    return findings;
  }

  private List<Finding> published(Session session, Collection<Table> tables) throws SQLException {
    Publications publications =
        new Publications(
            session, config.publicationOf(session.database()), config.createPublication());
    List<Finding> findings = new ArrayList<>();
    if (publications.isForeign() && publications.publishesUpdates()) {
      ReplicaIdentities identities = ReplicaIdentities.of(session, tables);
      for (Table table : tables) {
        IdentityGaps.harm(table, identities, config.publicationOf(session.database()))
            .forEach(
                harm -> findings.add(Finding.warning(table.name(), harm.problem(), harm.remedy())));
      }
    }
    publications.missing(tables).stream()
        .map(missing ->
            Finding.error(
                missing.table().name(),
                "it is not published, and user '%s' may not or shall not do it"
                    .formatted(session.user()),
                missing.statement()))
        .forEach(findings::add);
    return findings;
  }

  private static List<Finding> hidden(
      Session session, Collection<Table> tables, List<String> publications) throws SQLException {
    Map<Long, PublishedSubset> subsets =
        PublishedSubset.read(session, publications, List.copyOf(tables));
    return tables.stream()
        .filter(table ->
            !subsets.getOrDefault(table.facts().oid(), PublishedSubset.NONE).hidden().isEmpty())
        .map(table ->
            Finding.warning(
                table.name(),
                PublishedSubset.told(
                    subsets.getOrDefault(table.facts().oid(), PublishedSubset.NONE).hidden()),
                "give it method: FULL_TABLE if they are needed"))
        .toList();
  }

  // The minor releases of 2026 load only the plug-ins that a setting names.
  private static List<Finding> allowed(Session session) throws SQLException {
    List<String> libraries =
        session.query(
            "SELECT setting FROM pg_catalog.pg_settings WHERE name = '" + LIBRARIES + "'",
            row -> row.getString(1));
    if (libraries.isEmpty() || libraries.getFirst().contains(Plugin.WAL2JSON.word())) {
      return List.of();
    }
    return List.of(
        Finding.error(
            LIBRARIES,
            "the server does not allow wal2json",
            "ALTER SYSTEM SET %s = %s, wal2json; SELECT pg_reload_conf();"
                .formatted(LIBRARIES, libraries.getFirst())));
  }

  private Finding connection(String database) {
    try {
      ReplicationProtocol.require(sessions, database);
      return Finding.ok("replication", "the server takes connections of the replication protocol");
    } catch (IOException e) {
      return Finding.error("replication", String.valueOf(e.getMessage()), "");
    }
  }
}
