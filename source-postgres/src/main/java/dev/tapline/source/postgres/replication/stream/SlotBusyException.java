package dev.tapline.source.postgres.replication.stream;

import java.io.IOException;
import java.sql.SQLException;

/// Another consumer reads the slot.
public final class SlotBusyException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final String OBJECT_IN_USE = "55006";

  SlotBusyException(String message, SQLException cause) {
    super(message, cause);
  }

  static boolean isBusy(SQLException failure) {
    return OBJECT_IN_USE.equals(failure.getSQLState());
  }
}
