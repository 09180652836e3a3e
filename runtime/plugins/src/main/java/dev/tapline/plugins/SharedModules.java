package dev.tapline.plugins;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What every plug-in shares with the runtime: the SPI and the logging API of the boot layer.
///
/// A plug-in's own copy of them would be other classes of the same names: nobody would find its
/// provider, or hear its log.
final class SharedModules {
  private static final String SPI = "dev.tapline.spi";
  private static final List<String> NAMES = List.of(SPI, "org.slf4j");
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  private final Map<String, ModuleDescriptor> descriptors = new HashMap<>();

  SharedModules(ModuleLayer boot) {
    for (String name : NAMES) {
      boot.findModule(name).ifPresent(module -> descriptors.put(name, module.getDescriptor()));
    }
  }

  /// The shared module that `bundled` is a copy of, by its name or, where it is a jar without a
  /// descriptor, by its packages.
  Optional<ModuleDescriptor> sharedBy(ModuleDescriptor bundled) {
    return descriptors.values().stream()
        .filter(shared ->
            shared.name().equals(bundled.name())
                || (!bundled.packages().isEmpty()
                    && shared.packages().containsAll(bundled.packages())))
        .findFirst();
  }

  /// Why a module that was compiled against another SPI cannot run on this one.
  Optional<String> incompatibility(ModuleDescriptor module) {
    Optional<String> here =
        Optional.ofNullable(descriptors.get(SPI)).flatMap(ModuleDescriptor::rawVersion);
    return module.requires().stream()
        .filter(requires -> requires.name().equals(SPI))
        .findFirst()
        .flatMap(Requires::rawCompiledVersion)
        .filter(compiled -> here.isPresent() && !compatible(compiled, here.get()))
        .map(compiled ->
            "module "
                + module.name()
                + " was built against version "
                + compiled
                + " of the SPI, and this is "
                + here.orElseThrow()
                + "; install a release of the plug-in for this version");
  }

  /// Releases of one major version can run plug-ins of the same or an earlier minor one; before 1.0
  /// each minor version may differ in everything.
  static boolean compatible(String compiled, String here) {
    Matcher wanted = VERSION.matcher(compiled);
    Matcher given = VERSION.matcher(here);
    if (!wanted.matches() || !given.matches()) {
      return compiled.equals(here);
    }
    int wantedMinor = Integer.parseInt(wanted.group(2));
    int givenMinor = Integer.parseInt(given.group(2));
    return wanted.group(1).equals(given.group(1))
        && (given.group(1).equals("0") ? wantedMinor == givenMinor : wantedMinor <= givenMinor);
  }
}
