package dev.holdfast.bootstrap.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.holdfast.application.engine.JsonMapper;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;

/**
 * What no POM can say of who may know whom. A rule that matches nothing fails: that is ArchUnit's
 * default, and stays so.
 */
@AnalyzeClasses(packages = "dev.holdfast", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final List<String> ADAPTERS = List.of("postgres", "duckdb", "http", "jackson");

  private static final DescribedPredicate<JavaClass> EXCEPTION =
      JavaClass.Predicates.assignableTo(Throwable.class);

  @ArchTest
  static final ArchRule domain_is_pure = classes()
      .that()
      .resideInAPackage("dev.holdfast.domain..")
      .should()
      .onlyDependOnClassesThat()
      .resideInAnyPackage(
          "dev.holdfast.domain..", "java.lang..", "java.util..", "java.time..", "org.jspecify..");

  @ArchTest
  static final ArchRule domain_features_have_no_cycles =
      slices().matching("dev.holdfast.domain.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule one_class_of_the_application_creates_threads = noClasses()
      .that()
      .resideInAPackage("dev.holdfast.application..")
      .and()
      .haveNameNotMatching(".*[.]LoopThreads([$].*)?")
      .should()
      .callMethod(Thread.class, "ofVirtual")
      .orShould()
      .callMethod(Thread.class, "ofPlatform")
      .orShould()
      .callConstructor(Thread.class, Runnable.class)
      .orShould()
      .dependOnClassesThat()
      .haveFullyQualifiedName("java.util.concurrent.Executors");

  @ArchTest
  static final ArchRule adapters_do_not_know_each_other =
      slices().assignedFrom(new Adapters()).should().notDependOnEachOther();

  @ArchTest
  static final ArchRule dependencies_point_inwards = layeredArchitecture()
      .consideringOnlyDependenciesInLayers()
      .layer("domain")
      .definedBy("dev.holdfast.domain..")
      .layer("application")
      .definedBy("dev.holdfast.application..")
      .layer("adapters")
      .definedBy(
          "dev.holdfast.postgres..",
          "dev.holdfast.duckdb..",
          "dev.holdfast.http..",
          "dev.holdfast.jackson..")
      .layer("bootstrap")
      .definedBy("dev.holdfast.bootstrap..")
      .layer("testkit")
      .definedBy("dev.holdfast.testkit..")
      .layer("simulator")
      .definedBy("dev.holdfast.simulator..")
      .whereLayer("bootstrap")
      .mayNotBeAccessedByAnyLayer()
      .whereLayer("simulator")
      .mayNotBeAccessedByAnyLayer()
      .whereLayer("testkit")
      .mayOnlyBeAccessedByLayers("simulator")
      .whereLayer("adapters")
      .mayOnlyBeAccessedByLayers("bootstrap")
      .whereLayer("application")
      .mayOnlyBeAccessedByLayers("adapters", "bootstrap", "simulator");

  @ArchTest
  static final ArchRule the_simulator_is_free_of_cycles =
      slices().matching("dev.holdfast.simulator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule storage_adapters_do_not_know_the_application = noClasses()
      .that()
      .resideInAnyPackage("dev.holdfast.postgres..", "dev.holdfast.duckdb..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("dev.holdfast.application..");

  @ArchTest
  static final ArchRule storage_adapters_have_no_cycles =
      slices().assignedFrom(new StoragePackages()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule sql_stays_in_storage_adapters = noClasses()
      .that()
      .resideOutsideOfPackages(
          "dev.holdfast.postgres..", "dev.holdfast.duckdb..", "dev.holdfast.testkit.postgres..")
      .should()
      .dependOnClassesThat(resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..")
          .and(not(type(Connection.class))));

  @ArchTest
  static final ArchRule helidon_stays_in_its_adapter = noClasses()
      .that()
      .resideOutsideOfPackage("dev.holdfast.http..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("io.helidon..");

  @ArchTest
  static final ArchRule jackson_stays_in_two_adapters = noClasses()
      .that()
      .resideOutsideOfPackages("dev.holdfast.http..", "dev.holdfast.jackson..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("tools.jackson..", "com.fasterxml..");

  @ArchTest
  static final ArchRule guice_stays_in_the_wiring = noClasses()
      .that()
      .resideOutsideOfPackage("dev.holdfast.bootstrap.wiring..")
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage("com.google.inject..", "jakarta.inject..");

  @ArchTest
  static final ArchRule picocli_stays_in_the_command_line = noClasses()
      .that()
      .resideOutsideOfPackage("dev.holdfast.bootstrap.cli..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule nobody_reads_the_wall_clock = noClasses()
      .should()
      .callMethod(Instant.class, "now")
      .orShould()
      .callMethod(LocalDateTime.class, "now")
      .orShould()
      .callMethod(Clock.class, "systemUTC")
      .orShould()
      .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule nobody_prints = noClasses()
      .should()
      .accessField(System.class, "out")
      .orShould()
      .accessField(System.class, "err");

  @ArchTest
  static final ArchRule ports_are_interfaces_and_speak_in_values = classes()
      .that()
      .resideInAPackage("dev.holdfast.domain.port..")
      .and(not(EXCEPTION))
      .and()
      .doNotHaveSimpleName("package-info")
      .should()
      .beInterfaces()
      .orShould()
      .beRecords()
      .orShould()
      .beEnums();

  @ArchTest
  static final ArchRule domain_types_are_values = classes()
      .that()
      .resideInAPackage("dev.holdfast.domain..")
      .and()
      .areNotInterfaces()
      .and()
      .areNotAnonymousClasses()
      .should()
      .haveModifier(JavaModifier.FINAL)
      .orShould()
      .beEnums()
      .andShould()
      .haveOnlyFinalFields();

  @ArchTest
  static final ArchRule duckdb_shows_only_what_is_to_be_used = classes()
      .that()
      .resideInAPackage("dev.holdfast.duckdb")
      .and()
      .arePublic()
      .should()
      .haveSimpleNameStartingWith("DuckDb");

  @ArchTest
  static final ArchRule the_inside_of_duckdb_is_its_own = noClasses()
      .that()
      .resideOutsideOfPackage("dev.holdfast.duckdb..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("dev.holdfast.duckdb.*..");

  @ArchTest
  static final ArchRule the_inside_of_postgres_is_its_own = noClasses()
      .that()
      .resideOutsideOfPackage("dev.holdfast.postgres..")
      .should()
      .dependOnClassesThat()
      .resideInAPackage("dev.holdfast.postgres.*..");

  @ArchTest
  static final ArchRule no_production_class_knows_test_libraries = noClasses()
      .that(not(resideInAnyPackage("dev.holdfast.testkit..", "dev.holdfast.simulator..")))
      .should()
      .dependOnClassesThat()
      .resideInAnyPackage(
          "dev.holdfast.testkit..", "org.junit..", "org.assertj..", "org.mockito..");

  @ArchTest
  static final ArchRule names_say_what_a_class_is =
      noClasses().should().haveNameMatching(".*(Impl|Util|Utils|Helper|Manager|Service)");

  @ArchTest
  static final ArchRule json_mapping_has_one_implementation = classes()
      .that()
      .implement(JsonMapper.class)
      .and()
      .resideOutsideOfPackage("dev.holdfast.simulator..")
      .should(be(resideInAPackage("dev.holdfast.jackson..")));

  /** Each adapter is a slice; everything else is in none. */
  private static final class Adapters implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      return ADAPTERS.stream()
          .filter(adapter ->
              (javaClass.getPackageName() + ".").startsWith("dev.holdfast." + adapter + "."))
          .findFirst()
          .map(SliceIdentifier::of)
          .orElse(SliceIdentifier.ignore());
    }

    @Override
    public String getDescription() {
      return "the adapters";
    }
  }

  /** Each package of a storage adapter is a slice; everything else is in none. */
  private static final class StoragePackages implements SliceAssignment {

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
      String name = javaClass.getPackageName();
      return name.matches("dev[.]holdfast[.](postgres|duckdb)([.].*)?")
          ? SliceIdentifier.of(name)
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "the packages of the storage adapters";
    }
  }
}
