package dev.tapline.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.attribute.ModuleAttribute;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Makes an SPI of another version out of the one of this build.
final class TestSpi {
  private TestSpi() {}

  /// @param spi a jar or a folder of classes
  static void copyWithVersion(Path spi, Path folder, String version) throws IOException {
    if (Files.isDirectory(spi)) {
      copy(spi, folder, version);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(spi)) {
        copy(jar.getPath("/"), folder, version);
      }
    }
  }

  private static void copy(Path from, Path folder, String version) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = folder.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        try (InputStream in = Files.newInputStream(file)) {
          byte[] content = in.readAllBytes();
          Files.write(
              target, file.endsWith("module-info.class") ? withVersion(content, version) : content);
        }
      }
    }
  }

  private static byte[] withVersion(byte[] descriptor, String version) {
    ClassFile files = ClassFile.of();
    ClassModel model = files.parse(descriptor);
    return files.transformClass(
        model,
        ClassTransform.dropping(element -> false)
            .andThen((builder, element) -> {
              if (element instanceof ModuleAttribute module) {
                builder.with(
                    ModuleAttribute.of(
                        module.moduleName(),
                        copy -> {
                          copy.moduleFlags(module.moduleFlagsMask()).moduleVersion(version);
                          module.requires().forEach(copy::requires);
                          module.exports().forEach(copy::exports);
                          module.opens().forEach(copy::opens);
                          module.uses().forEach(copy::uses);
                          module.provides().forEach(copy::provides);
                        }));
              } else {
                builder.with(element);
              }
            }));
  }
}
