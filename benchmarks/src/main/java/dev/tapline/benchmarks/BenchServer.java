package dev.tapline.benchmarks;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Runs a PostgreSQL server for `bin/bench` until standard input ends.
///
/// Arguments: `TABLE=ROWS ...`, the tables to fill, as in `pgbench_accounts=5000000 mixed=2000000`;
/// any other name is a table of pgbench's accounts. When all are filled, one line on standard
/// output: `port NUMBER`.
public final class BenchServer {
  private BenchServer() {}

  private record Filling(String table, long rows) {
    static Filling parse(String argument) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("'" + argument + "' is not TABLE=ROWS");
      }
      return new Filling(
          argument.substring(0, equals), Long.parseLong(argument.substring(equals + 1)));
    }

    List<String> statements() {
      SampleTable sample =
          table.equals(SampleTable.MIXED.table()) ? SampleTable.MIXED : SampleTable.ACCOUNTS;
      return sample.create(table, rows);
    }
  }

  /// Fills the tables and waits.
  public static void main(String[] arguments) throws IOException {
    List<Filling> fillings = new ArrayList<>();
    for (String argument : arguments) {
      fillings.add(Filling.parse(argument));
    }
    try (TestServer server =
        TestServer.start(
            // Nothing may happen in the server but what is measured.
            "autovacuum = off",
            "wal_level = minimal",
            "max_wal_senders = 0",
            "max_wal_size = 8GB",
            "checkpoint_timeout = 1h",
            "shared_buffers = 256MB",
            "maintenance_work_mem = 256MB")) {
      for (Filling filling : fillings) {
        System.err.printf("filling %s with %,d rows ...%n", filling.table(), filling.rows());
        server.execute(filling.statements().toArray(String[]::new));
      }
      System.out.println("port " + server.port());
      while (System.in.read() >= 0) {
        // Whoever started this keeps its standard input open for as long as the server is wanted.
      }
    }
  }
}
