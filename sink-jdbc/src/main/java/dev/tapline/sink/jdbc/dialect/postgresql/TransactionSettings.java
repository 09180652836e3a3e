package dev.tapline.sink.jdbc.dialect.postgresql;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The settings of every transaction, so that those of the role, the database, or another client of
/// a pooler neither change what is written nor end the transaction. They are local to the
/// transaction: a pooler hands the session on to other clients.
final class TransactionSettings {
  private static final int WITH_TRANSACTION_TIMEOUT = 17;

  private TransactionSettings() {}

  /// The first statements of a transaction.
  ///
  /// @param version the major version of the server
  static List<String> local(int version) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("TimeZone", "UTC");
    values.put("DateStyle", "ISO, MDY");
    values.put("IntervalStyle", "postgres");
    values.put("bytea_output", "hex");
    values.put("extra_float_digits", "3");
    values.put("standard_conforming_strings", "on");
    values.put("array_nulls", "on");
    values.put("client_min_messages", "warning");
    values.put("maintenance_work_mem", "256MB");
    values.put("lock_timeout", "60s");
    values.put("statement_timeout", "0");
    values.put("idle_in_transaction_session_timeout", "0");
    if (version >= WITH_TRANSACTION_TIMEOUT) {
      values.put("transaction_timeout", "0");
    }
    return List.of(
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE; "
            + values.entrySet().stream()
                .map(entry -> "SET LOCAL %s = '%s'".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("; ")),
        // What was committed survives a crash of the server, whatever the role says.
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'");
  }
}
