package dev.tapline.benchmarks;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// Runs a PostgreSQL server for `bin/bench` until standard input ends.
///
/// Arguments: `TABLE=ROWS ...`, the tables to fill, as in `pgbench_accounts=5000000 mixed=2000000`;
/// any other name is a table of pgbench's accounts. Or `log`: then it keeps a logical log, and has
/// the empty [ChangingTable]. Or `copy`: then it is a destination, whose commits are as durable as
/// those of servers usually are. When all is done, one line on standard output: `port NUMBER pid
/// PID`.
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
    List<String> words = List.of(arguments);
    boolean log = words.contains("log");
    List<Filling> fillings = new ArrayList<>();
    for (String argument : arguments) {
      if (!log && !words.contains("copy")) {
        fillings.add(Filling.parse(argument));
      }
    }
    try (TestServer server = TestServer.start(settings(log, words.contains("copy")))) {
      for (Filling filling : fillings) {
        System.err.printf("filling %s with %,d rows ...%n", filling.table(), filling.rows());
        server.execute(filling.statements().toArray(String[]::new));
      }
      if (log) {
        server.execute(ChangingTable.statements().toArray(String[]::new));
      }
      String pid = Files.readAllLines(server.data().resolve("postmaster.pid")).getFirst();
      System.out.println("port " + server.port() + " pid " + pid);
      while (System.in.read() >= 0) {
        // Whoever started this keeps its standard input open for as long as the server is wanted.
      }
    }
  }

  // Nothing may happen in the server but what is measured.
  private static String[] settings(boolean log, boolean copy) {
    return new String[] {
      "autovacuum = off",
      "wal_level = " + (log ? "logical" : copy ? "replica" : "minimal"),
      copy ? "fsync = on" : "fsync = off",
      log ? "max_wal_senders = 4" : "max_wal_senders = 0",
      "max_wal_size = 8GB",
      "checkpoint_timeout = 1h",
      "shared_buffers = 256MB",
      "maintenance_work_mem = 256MB"
    };
  }
}
