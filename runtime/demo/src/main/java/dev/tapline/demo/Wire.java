package dev.tapline.demo;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The few messages of PostgreSQL's protocol that running a statement takes: a driver would be one
/// more library of every command. One thread at a time.
final class Wire implements Closeable {
  private static final int PROTOCOL = 196_608;
  private static final int AUTHENTICATED = 0;
  private static final int PASSWORD_WANTED = 3;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  private record Message(char type, ByteBuffer body) {}

  /// Connects, and is ready for statements then.
  Wire(InetAddress host, int port, String database, String user, String password)
      throws IOException {
    socket = new Socket(host, port);
    try {
      socket.setTcpNoDelay(true);
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      byte[] parameters =
          text("user", user, "database", database, "application_name", "shopkeeper", "");
      out.writeInt(Integer.BYTES * 2 + parameters.length);
      out.writeInt(PROTOCOL);
      out.write(parameters);
      out.flush();
      awaitReady(password);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Runs a statement, whose rows, if it has any, nobody sees.
  void run(String statement) throws IOException {
    send('Q', text(statement));
    awaitReady("");
  }

  private void awaitReady(String password) throws IOException {
    String failure = "";
    while (true) {
      Message message = receive();
      switch (message.type()) {
        case 'R' -> authenticate(message.body(), password);
        case 'E' -> failure = StandardCharsets.UTF_8.decode(message.body()).toString();
        case 'Z' -> {
          if (!failure.isEmpty()) {
            throw new IOException("the demo's server says: " + sentence(failure));
          }
          return;
        }
        default -> {
          // Parameters, notices, rows: nothing of it matters here.
        }
      }
      if (message.type() == 'E' && !password.isEmpty()) {
        throw new IOException("the demo's server refuses its shopkeeper: " + sentence(failure));
      }
    }
  }

  private void authenticate(ByteBuffer body, String password) throws IOException {
    int wanted = body.getInt();
    if (wanted == PASSWORD_WANTED) {
      send('p', text(password));
    } else if (wanted != AUTHENTICATED) {
      throw new IOException("the demo's server wants another kind of password: " + wanted);
    }
  }

  // Fields of an error: a letter, the text, a zero. M is the message.
  private static String sentence(String fields) {
    for (String field : fields.split("\0", -1)) {
      if (field.startsWith("M")) {
        return field.substring(1);
      }
    }
    return fields;
  }

  private void send(char type, byte[] body) throws IOException {
    out.writeByte(type);
    out.writeInt(Integer.BYTES + body.length);
    out.write(body);
    out.flush();
  }

  private Message receive() throws IOException {
    char type = (char) in.readByte();
    byte[] body = new byte[in.readInt() - Integer.BYTES];
    in.readFully(body);
    return new Message(type, ByteBuffer.wrap(body));
  }

  /// Words, each ended by a zero.
  private static byte[] text(String... words) {
    return (String.join("\0", words) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
