using Orleans.Pipeline.Dashboard.Tests.Hosting;

namespace Orleans.Pipeline.Dashboard.Tests.Browsing;

/// <summary>The tests with a browser: one after another, in one browser, most of them against one host.</summary>
[CollectionDefinition(Name)]
public sealed class DashboardCollection : ICollectionFixture<Chromium>, ICollectionFixture<AccessLogHost>
{
    public const string Name = "dashboard";
}
