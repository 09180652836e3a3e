package dev.tapline.source.postgres.replication.slot;

import dev.tapline.source.postgres.config.ReplicationConfig.Plugin;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The slot that a database's log is read from, and whether it is fit for that.
public final class ReplicationSlot {
  private static final String ANEW =
      "reset the streams to copy them anew (runtime reset), or name the slot that they were read from in source.slot";

  private final Session session;
  private final String name;
  private final Plugin wanted;

  /// @param session a session with the slot's database
  /// @param name the slot's name
  /// @param wanted the plug-in that the descriptor asks for
  public ReplicationSlot(Session session, String name, Plugin wanted) {
    this.session = session;
    this.name = name;
    this.wanted = wanted;
  }

  /// Its name.
  public String name() {
    return name;
  }

  /// Looks it up.
  ///
  /// @param resumed where streams were left that go on
  /// @return empty if it does not exist and no stream needs what it would have kept
  /// @throws IOException if it cannot serve, with the reason and the remedy
  public Optional<SlotState> find(Map<StreamName, Long> resumed) throws SQLException, IOException {
    SortedMap<StreamName, Long> streams = new TreeMap<>(resumed);
    Optional<SlotState> found = new Slots(session).find(name);
    if (found.isEmpty()) {
      if (!streams.isEmpty()) {
        Map.Entry<StreamName, Long> first = streams.firstEntry();
        throw new IOException(
            "slot '%s' is gone, and with it the changes that followed %s of stream %s; %s"
                .formatted(name, Lsn.text(first.getValue()), first.getKey(), ANEW));
      }
      return found;
    }
    SlotState slot = found.get();
    requireKind(slot);
    if (slot.isLost()) {
      throw new IOException(
          "slot '%s' is lost: the server has removed log that it needs (%s); drop it (runtime slots drop), raise max_slot_wal_keep_size, then %s"
              .formatted(name, slot.reason(), ANEW));
    }
    requireBefore(slot, streams);
    return found;
  }

  private void requireKind(SlotState slot) throws IOException {
    if (slot.plugin().isEmpty()) {
      throw new IOException(
          "slot '%s' is a physical one, for a standby; name another one in source.slot"
              .formatted(name));
    }
    if (!slot.database().equals(session.database())) {
      throw new IOException(
          "slot '%s' belongs to database '%s', not to '%s'; name another one in source.slot"
              .formatted(name, slot.database(), session.database()));
    }
    boolean known = slot.plugin().equals("pgoutput") || slot.plugin().equals("wal2json");
    boolean fits = wanted == Plugin.AUTO || wanted.word().equals(slot.plugin());
    if (!known || !fits) {
      throw new IOException(
          "slot '%s' has the output plug-in '%s', %s; name another slot in source.slot%s"
              .formatted(
                  name,
                  slot.plugin(),
                  known
                      ? "and source.plugin says '" + wanted.word() + "'"
                      : "and only pgoutput and wal2json can be read",
                  known ? ", or correct source.plugin" : ""));
    }
  }

  // A slot that is further than a stream has let go of changes that the stream has not had.
  private void requireBefore(SlotState slot, SortedMap<StreamName, Long> streams)
      throws IOException {
    for (Map.Entry<StreamName, Long> entry : streams.entrySet()) {
      if (slot.confirmed().isPresent()
          && Lsn.isBefore(entry.getValue(), slot.confirmed().getAsLong())) {
        throw new IOException(
            "slot '%s' was moved to %s by somebody else, or made anew, while stream %s was left at %s: the changes between are gone; %s"
                .formatted(
                    name,
                    Lsn.text(slot.confirmed().getAsLong()),
                    entry.getKey(),
                    Lsn.text(entry.getValue()),
                    ANEW));
      }
    }
  }
}
