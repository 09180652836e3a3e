package dev.tapline.source.postgres.replication.slot;

import dev.tapline.source.postgres.config.ReplicationConfig;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Optional;

/// What the slot of a database is called. Databases whose names differ only in what a slot's name
/// cannot hold have slots of different names all the same: the first has the usual one.
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
