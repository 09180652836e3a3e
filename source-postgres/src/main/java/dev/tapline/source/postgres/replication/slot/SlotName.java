package dev.tapline.source.postgres.replication.slot;

import dev.tapline.source.postgres.config.ReplicationConfig;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Optional;

/// The name of a database's slot. Databases whose names differ only in characters that slot names
/// cannot have still get different slots: the first one gets the usual name.
public final class SlotName {
  private SlotName() {}

  /// The name of the slot of the session's database.
  public static String of(Session session, ReplicationConfig config) throws SQLException {
    String database = session.database();
    String usual = config.slotOf(database);
    Optional<String> other = config.otherSlotOf(database);
    if (other.isEmpty()) {
      return usual;
    }
    Slots slots = new Slots(session);
    Optional<SlotState> found = slots.find(usual).filter(slot -> !slot.plugin().isEmpty());
    if (found.isPresent()) {
      return found.get().database().equals(database) ? usual : other.get();
    }
    return slots.find(other.get()).isPresent() ? other.get() : usual;
  }
}
