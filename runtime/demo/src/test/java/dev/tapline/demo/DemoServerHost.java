package dev.tapline.demo;

import java.io.IOException;
import java.nio.file.Path;

/// A process that starts a server, says how to connect to it, and waits to be killed.
final class DemoServerHost {
  private DemoServerHost() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.out.println("begun");
    try (DemoServer server = DemoServer.start(Path.of(arguments[0]))) {
      System.out.println(server.environment().get("PGPORT"));
      Thread.sleep(600_000);
    }
  }
}
