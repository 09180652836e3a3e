package dev.tapline.sink.jdbc;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// Which packages may depend on which.
class PackagesTest {
  private static final String SINK = "dev.tapline.sink.jdbc";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(SINK);

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.tapline.sink.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theSinkKnowsOnlySpiAndFiles() {
    classes()
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("dev.tapline..")
                .or(resideInAnyPackage("dev.tapline.spi..", "dev.tapline.files..", SINK + "..")))
        .check(CLASSES);
  }

  @Test
  void dialectsKnowOnlyTheirInterface() {
    noClasses()
        .that()
        .resideInAPackage(SINK + ".dialect..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(SINK + "..").and(resideOutsideOfPackage(SINK + ".dialect..")))
        .check(CLASSES);
    slices()
        .matching(SINK + ".dialect.(*)")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(alwaysTrue(), resideInAPackage(SINK + ".dialect.api"))
        .check(CLASSES);
  }

  @Test
  void onlyTheLoaderOfDialectsKnowsOneByName() {
    noClasses()
        .that()
        .resideOutsideOfPackages(SINK + ".dialect..", SINK + ".connection")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(SINK + ".dialect..")
                .and(resideOutsideOfPackage(SINK + ".dialect.api")))
        .check(CLASSES);
  }
}
