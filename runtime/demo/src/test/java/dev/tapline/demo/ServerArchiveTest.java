package dev.tapline.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class ServerArchiveTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

  @Test
  void unpacksFilesFoldersAndLinks() throws Exception {
    entry("./bin/", '5', "", "", "0000755");
    entry("./bin/server", '0', "", "#!/bin/sh\n", "0000755");
    entry("./lib/notes.1", '0', "", "n".repeat(512), "0000644");
    entry("./lib/notes", '2', "notes.1", "", "0000777");
    entry("./empty", '0', "", "", "0000644");
    Path target = unpack();
    assertThat(target.resolve("bin/server")).hasContent("#!/bin/sh\n").isExecutable();
    assertThat(target.resolve("lib/notes.1")).hasContent("n".repeat(512));
    assertThat(Files.isExecutable(target.resolve("lib/notes.1"))).isFalse();
    assertThat(target.resolve("lib/notes")).isSymbolicLink().hasContent("n".repeat(512));
    assertThat(target.resolve("empty")).isEmptyFile();
  }

  @Test
  void refusesWhatWouldLieOutsideOfTheFolder() throws Exception {
    entry("../escaped", '0', "", "text", "0000644");
    assertThatThrownBy(this::unpack).hasMessageContaining("outside of the folder");
    assertThat(folder.resolve("escaped")).doesNotExist();
  }

  @Test
  void refusesLinksThatPointOutside() throws Exception {
    entry("./link", '2', "../../secret", "", "0000777");
    assertThatThrownBy(this::unpack).hasMessageContaining("outside of the folder");
  }

  @Test
  void refusesKindsOfEntriesThatItDoesNotKnow() throws Exception {
    entry("./device", '3', "", "", "0000644");
    assertThatThrownBy(this::unpack)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("entry './device' is of kind 3");
  }

  @Test
  void saysThatAnArchiveIsCutShort() throws Exception {
    entry("./file", '0', "", "x".repeat(2_000), "0000644");
    byte[] whole = tar.toByteArray();
    tar.reset();
    tar.writeBytes(Arrays.copyOf(whole, 1_000));
    assertThatThrownBy(this::unpack).hasMessageContaining("it ends within 'file'");
  }

  private void entry(String name, char kind, String link, String content, String mode) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, mode);
    put(header, 124, "%011o".formatted(content.length()));
    header[156] = (byte) kind;
    put(header, 157, link);
    tar.writeBytes(header);
    tar.writeBytes(
        Arrays.copyOf(
            content.getBytes(StandardCharsets.UTF_8), (content.length() + 511) / 512 * 512));
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private Path unpack() throws IOException, InterruptedException {
    Path archive = folder.resolve("archive.txz");
    try (OutputStream out =
        new XZOutputStream(Files.newOutputStream(archive), new LZMA2Options(0))) {
      out.write(tar.toByteArray());
      out.write(new byte[1_024]);
    }
    Path target = folder.resolve("unpacked");
    ServerArchive.unpack(archive, target);
    return target;
  }
}
