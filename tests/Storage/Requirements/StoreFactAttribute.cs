using Xunit.Abstractions;
using Xunit.Sdk;

namespace Orleans.Pipeline.Storage.Tests;

/// <summary>A test that is skipped where its class has a <see cref="RequirementAttribute"/> that is not met.</summary>
[XunitTestCaseDiscoverer("Orleans.Pipeline.Storage.Tests.StoreFactDiscoverer", "Orleans.Pipeline.Storage.Tests")]
public sealed class StoreFactAttribute : FactAttribute;

/// <summary>A test over data that is skipped where its class has a <see cref="RequirementAttribute"/> that is not met.</summary>
[XunitTestCaseDiscoverer("Orleans.Pipeline.Storage.Tests.StoreTheoryDiscoverer", "Orleans.Pipeline.Storage.Tests")]
public sealed class StoreTheoryAttribute : TheoryAttribute;

internal sealed class StoreFactDiscoverer(IMessageSink diagnostics) : FactDiscoverer(diagnostics)
{
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo fact) =>
        RequirementAttribute.FindUnmet(method) is null
            ? base.CreateTestCase(options, method, fact)
            : new SkippedTestCase(DiagnosticMessageSink, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method);
}

internal sealed class StoreTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    public override IEnumerable<IXunitTestCase> Discover(
        ITestFrameworkDiscoveryOptions options, ITestMethod method, IAttributeInfo theory) =>
        RequirementAttribute.FindUnmet(method) is null
            ? base.Discover(options, method, theory)
            : [new SkippedTestCase(
                DiagnosticMessageSink,
                options.MethodDisplayOrDefault(),
                options.MethodDisplayOptionsOrDefault(),
                method)];
}

/// <summary>A test whose class has a requirement that is not met.</summary>
internal sealed class SkippedTestCase : XunitTestCase
{
    [Obsolete("For deserialization.")]
    public SkippedTestCase()
    {
    }

    public SkippedTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions options, ITestMethod method)
        : base(diagnostics, display, options, method)
    {
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        RequirementAttribute.FindUnmet(TestMethod) ?? base.GetSkipReason(factAttribute);
}
