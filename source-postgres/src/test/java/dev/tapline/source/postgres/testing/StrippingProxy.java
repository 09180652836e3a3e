package dev.tapline.source.postgres.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Stands between a client and a PostgreSQL server and takes parameters out of the start-up packet,
/// as some poolers do. It can also vanish, as a machine does that loses its power.
public final class StrippingProxy implements AutoCloseable {
  private static final int PROTOCOL_3 = 3;
  private static final int CANCEL = 80_877_102;
  private static final int SSL = 80_877_103;
  private static final int GSS = 80_877_104;

  private final ServerSocket listener;
  private final int port;
  private final Set<String> stripped;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /// @param port the server's, on loopback
  /// @param stripped names of parameters
  public StrippingProxy(int port, String... stripped) throws IOException {
    this.port = port;
    this.stripped = Set.of(stripped);
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Where it listens.
  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      // close() ends it.
      return;
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      open.add(server);
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(server.getOutputStream());
      byte[] packet = packet(in);
      int code = ByteBuffer.wrap(packet).getInt();
      while (code == SSL || code == GSS) {
        client.getOutputStream().write('N');
        packet = packet(in);
        code = ByteBuffer.wrap(packet).getInt();
      }
      byte[] sent = code == CANCEL || code >> 16 != PROTOCOL_3 ? packet : strip(packet);
      out.writeInt(sent.length + Integer.BYTES);
      out.write(sent);
      out.flush();
      Thread back = Thread.ofVirtual().start(() -> pump(server, client));
      pump(client, server);
      back.join();
    } catch (IOException e) {
      // The other side is gone, which the client sees.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static byte[] packet(DataInputStream in) throws IOException {
    byte[] packet = new byte[in.readInt() - Integer.BYTES];
    in.readFully(packet);
    return packet;
  }

  private byte[] strip(byte[] packet) {
    List<String> words =
        new ArrayList<>(
            List.of(
                new String(
                        packet,
                        Integer.BYTES,
                        packet.length - Integer.BYTES,
                        StandardCharsets.UTF_8)
                    .split("\0", -1)));
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i + 1 < words.size() && !words.get(i).isEmpty(); i += 2) {
      if (!stripped.contains(words.get(i))) {
        kept.append(words.get(i)).append('\0').append(words.get(i + 1)).append('\0');
      }
    }
    byte[] text = kept.append('\0').toString().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + text.length)
        .put(packet, 0, Integer.BYTES)
        .put(text)
        .array();
  }

  private static void pump(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (SocketException e) {
      // One of the two was closed.
      return;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// Cuts every connection without a word.
  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    }
  }
}
