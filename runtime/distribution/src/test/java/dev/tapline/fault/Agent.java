package dev.tapline.fault;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.jar.JarFile;

/// Has every method of Tapline begin with a call of the [Injector].
public final class Agent {
  private static final ClassDesc INJECTOR = ClassDesc.of("dev.tapline.fault.Injector");

  /// What tells of a death must be able to: it is not what is tested.
  private static final List<String> LEFT_OUT =
      List.of(
          "dev/tapline/spi/thread/",
          "dev/tapline/boot/",
          "dev/tapline/cli/logging/",
          "dev/tapline/fault/",
          "dev/tapline/engine/run/ThreadDeaths",
          "dev/tapline/engine/failure/Failures",
          "dev/tapline/engine/failure/HeapExhaustion");

  private Agent() {}

  /// @param jar the jar of the injector
  public static void premain(String jar, Instrumentation instrumentation) throws Exception {
    instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(jar));
    instrumentation.addTransformer(new Transformer());
  }

  private static final class Transformer implements ClassFileTransformer {
    @Override
    public byte[] transform(
        ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] code) {
      if (name == null
          || !name.startsWith("dev/tapline/")
          || LEFT_OUT.stream().anyMatch(name::startsWith)) {
        return null;
      }
      try {
        return injected(loader, code);
      } catch (RuntimeException | Error e) {
        // Whoever throws here is not heard.
        System.err.println("AGENT " + name + ": " + e);
        return null;
      }
    }
  }

  private static byte[] injected(ClassLoader loader, byte[] code) {
    ClassFile file =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    return file.transformClass(
        file.parse(code),
        ClassTransform.transformingMethodBodies(
            method -> !method.methodName().stringValue().startsWith("<"), new Begin()));
  }

  private static final class Begin implements CodeTransform {
    @Override
    public void atStart(CodeBuilder builder) {
      builder.invokestatic(INJECTOR, "step", MethodTypeDesc.of(ConstantDescs.CD_void));
    }

    @Override
    public void accept(CodeBuilder builder, CodeElement element) {
      builder.with(element);
    }
  }
}
