package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.activity.OpenTransaction;
import dev.tapline.source.postgres.activity.ServerActivity;
import dev.tapline.source.postgres.config.PostgresSourceConfig;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.slot.RetainedWal;
import dev.tapline.source.postgres.replication.slot.SlotState;
import dev.tapline.source.postgres.replication.slot.Slots;
import dev.tapline.spi.source.ReplicationSlots;
import dev.tapline.spi.source.Slot;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The replication slots of the databases of one server. For any thread.
public final class PostgresSlots implements ReplicationSlots {
  private final PostgresSourceConfig config;
  private final Sessions sessions;

  /// @param config which databases and slots
  /// @param sessions how to reach them
  public PostgresSlots(PostgresSourceConfig config, Sessions sessions) {
    this.config = config;
    this.sessions = sessions;
  }

  @Override
  public List<Slot> slots() throws IOException {
    return sessions.with(
        anyDatabase(),
        session -> {
          List<OpenTransaction> transactions = ServerActivity.all(session);
          return new Slots(session)
              .all().stream()
                  .filter(slot ->
                      config.everyDatabase() || config.databases().contains(slot.database()))
                  .map(slot -> shown(slot, transactions))
                  .toList();
        });
  }

  private Slot shown(SlotState slot, List<OpenTransaction> transactions) {
    return new Slot(
        slot.name(),
        slot.database(),
        slot.plugin(),
        slot.name().equals(config.replication().slotOf(slot.database()))
            || config.replication().otherSlotOf(slot.database()).equals(Optional.of(slot.name())),
        slot.activePid(),
        slot.confirmed().isPresent() ? Lsn.text(slot.confirmed().getAsLong()) : "",
        slot.held(),
        slot.isLost() ? "lost: " + slot.reason() : slot.status(),
        RetainedWal.holder(slot, transactions)
            .map(holder -> RetainedWal.said(slot, holder) + "; " + holder.remedy())
            .orElse(""));
  }

  @Override
  public void dropSlot(String name) throws IOException {
    sessions.with(
        anyDatabase(),
        "slot '" + name + "'",
        session -> {
          new Slots(session).drop(name);
          return name;
        });
  }

  private String anyDatabase() {
    return config.everyDatabase()
        ? config.connection().endpoint().database()
        : config.databases().getFirst();
  }
}
