package dev.tapline.source.postgres.testing;

import java.util.List;

/// Defaults of a database under which the server writes most values otherwise.
public final class OddDefaults {
  private OddDefaults() {}

  /// Sets them, for sessions that begin from then on.
  public static void of(TestServer server, String database) {
    for (String setting :
        List.of(
            "TimeZone = 'America/New_York'",
            "DateStyle = 'German, DMY'",
            "IntervalStyle = 'iso_8601'",
            "extra_float_digits = -10",
            "bytea_output = 'escape'",
            "xmlbinary = 'hex'")) {
      server.execute("ALTER DATABASE " + database + " SET " + setting);
    }
  }
}
