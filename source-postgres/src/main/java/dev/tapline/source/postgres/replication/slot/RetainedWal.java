package dev.tapline.source.postgres.replication.slot;

import dev.tapline.source.postgres.activity.OpenTransaction;
import dev.tapline.source.postgres.activity.ServerActivity;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// For which transaction a server keeps log that the reader of a slot has already confirmed: the
/// slot must keep everything since the beginning of the oldest transaction that has not ended.
public final class RetainedWal {
  private static final long WORTH_TELLING = 16L << 20;
  private static final long SECONDS_OF_AN_OLD_ONE = 60;

  private RetainedWal() {}

  /// The transaction that holds a slot's log, if one does.
  public static Optional<OpenTransaction> holder(SlotState slot, List<OpenTransaction> all) {
    if (slot.confirmedAhead().isEmpty() || slot.confirmedAhead().getAsLong() < WORTH_TELLING) {
      return Optional.empty();
    }
    return writing(all);
  }

  /// The oldest transaction that holds what slots need, and that making a slot waits for.
  public static Optional<OpenTransaction> writing(List<OpenTransaction> all) {
    return all.stream().filter(RetainedWal::isOld).findFirst();
  }

  /// Whether a transaction has written and been open for long, or was prepared: those nobody may
  /// ever end.
  public static boolean isOld(OpenTransaction one) {
    return one.xid().isPresent()
        && (one.isPrepared() || one.seconds().orElse(0) >= SECONDS_OF_AN_OLD_ONE);
  }

  /// Says it, with the remedy; nothing when no transaction holds the slot's log.
  public static String said(Session session, SlotState slot) throws SQLException {
    return holder(slot, ServerActivity.all(session))
        .map(it -> said(slot, it) + "; " + it.remedy())
        .orElse("");
  }

  public static String said(SlotState slot, OpenTransaction holder) {
    return "slot '%s': %d MB that its reader has confirmed are kept for %s"
        .formatted(slot.name(), slot.confirmedAhead().orElse(0) >> 20, holder.said());
  }
}
