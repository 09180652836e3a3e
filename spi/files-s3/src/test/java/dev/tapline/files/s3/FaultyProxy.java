package dev.tapline.files.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/// A bad line to a store: it cuts connections after some bytes, and answers some requests itself,
/// that it has no time.
public final class FaultyProxy implements AutoCloseable {
  private static final String BUSY =
      "HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private final ServerSocket listening;
  private final int target;
  private final long early;
  private final long late;
  private int connections;
  private final AtomicInteger cut = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /// @param target the store's port on this machine
  /// @param early after how many bytes one connection in four is cut
  /// @param late after how many bytes others are; more than any request has
  public FaultyProxy(int target, long early, long late) throws IOException {
    this.target = target;
    this.early = early;
    this.late = late;
    this.listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  /// Its address.
  public String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /// How many connections it has cut.
  public int cut() {
    return cut.get();
  }

  /// How many requests it has refused.
  public int refused() {
    return refused.get();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        // In turn, so that no request meets more than three faults.
        int number = connections++;
        long bytes = number % 4 == 1 ? early : late;
        boolean busy = number % 4 == 0 || number % 4 == 3;
        Thread.ofVirtual().start(() -> serve(client, bytes, busy));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket client, long bytes, boolean busy) {
    try (client;
        Socket server = new Socket(InetAddress.getByName("127.0.0.1"), target)) {
      if (busy) {
        client.getInputStream().read(new byte[1024]);
        client.getOutputStream().write(BUSY.getBytes(StandardCharsets.US_ASCII));
        refused.incrementAndGet();
        return;
      }
      Thread back = Thread.ofVirtual().start(() -> pump(server, client, Long.MAX_VALUE));
      if (pump(client, server, bytes)) {
        // First, so that what the store answers to half a body (400) does not come through.
        client.close();
        cut.incrementAndGet();
      } else {
        server.shutdownOutput();
        back.join();
      }
    } catch (IOException | InterruptedException e) {
      // The other side was faster.
      Thread.currentThread().interrupt();
    }
  }

  /// @return whether it stopped before the end
  private static boolean pump(Socket from, Socket to, long most) {
    byte[] buffer = new byte[16 << 10];
    long left = most;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      while (left > 0) {
        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          return false;
        }
        out.write(buffer, 0, count);
        left -= count;
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
