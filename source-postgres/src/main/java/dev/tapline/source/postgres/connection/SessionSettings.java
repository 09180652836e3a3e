package dev.tapline.source.postgres.connection;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// What every transaction of ours runs under, so that neither the role's nor the database's nor, in
/// a pool, somebody else's settings change what it brings or end it:
/// - UTC, ISO dates, `postgres` intervals, all digits of floats, hex bytea, and money as in the
///   locale `C`, where that leaves it what it is;
/// - no search path but the catalog's, so that nobody's operators or functions stand in for ours;
/// - row security off, which makes the server refuse a query whose rows a policy would filter
///   rather than send a part of them;
/// - no time limits but the one that the descriptor asks for.
///
/// What a transaction begins with (its isolation, whether it may write) its beginning says.
final class SessionSettings {
  private static final int WITH_ROW_SECURITY = 90_500;
  private static final int WITH_IDLE_TIMEOUT = 90_600;
  private static final int WITH_TRANSACTION_TIMEOUT = 170_000;

  private final Map<String, String> values = new LinkedHashMap<>();

  /// How a database keeps values of type `money`: as numbers of a unit that its locale says.
  enum Money {
    /// In hundredths, as in nearly all locales and in `C`.
    HUNDREDTHS,
    /// In another unit, as in Japan or Kuwait. The locale `C` would take the numbers for
    /// hundredths.
    OTHERWISE
  }

  /// @param version the server's; 0 for one that is not known, which gets what each one knows
  /// @param money how the database keeps money
  SessionSettings(int version, Money money, ConnectionConfig config) {
    values.put("TimeZone", "UTC");
    values.put("DateStyle", "ISO, YMD");
    values.put("IntervalStyle", "postgres");
    values.put("extra_float_digits", "3");
    values.put("bytea_output", "hex");
    values.put("xmlbinary", "base64");
    if (money == Money.HUNDREDTHS) {
      values.put("lc_monetary", "C");
    }
    values.put("standard_conforming_strings", "on");
    values.put("client_min_messages", "warning");
    values.put("search_path", "pg_catalog");
    values.put("lock_timeout", "0");
    values.put("statement_timeout", String.valueOf(config.statementTimeout().toMillis()));
    if (config.ssh().isPresent()) {
      // Between the SSH server and this one nobody else sends a sign of life.
      values.put("tcp_keepalives_idle", String.valueOf(config.keepalives().idle()));
      values.put("tcp_keepalives_interval", String.valueOf(config.keepalives().interval()));
      values.put("tcp_keepalives_count", String.valueOf(config.keepalives().count()));
    }
    if (version >= WITH_ROW_SECURITY) {
      values.put("row_security", "off");
    }
    if (version >= WITH_IDLE_TIMEOUT) {
      values.put("idle_in_transaction_session_timeout", "0");
    }
    if (version >= WITH_TRANSACTION_TIMEOUT) {
      values.put("transaction_timeout", "0");
    }
  }

  /// Statements that set it all until the transaction ends.
  String local() {
    return values.entrySet().stream()
        .map(entry -> "SET LOCAL %s = '%s'".formatted(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  /// Arguments for the server that set it all for a session, as the start-up packet has them in
  /// `options`.
  String options() {
    return values.entrySet().stream()
        .map(entry -> "-c " + entry.getKey() + "=" + entry.getValue().replace(" ", "\\ "))
        .collect(Collectors.joining(" "));
  }
}
