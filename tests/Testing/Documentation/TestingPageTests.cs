using System.Text.RegularExpressions;

namespace Orleans.Pipeline.Testing.Tests.Documentation;

/// <summary>docs/testing.md shows tests that run here, and what they say when they fail.</summary>
public sealed class TestingPageTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "testing.md"));

    [Fact]
    public void Its_tests_are_those_that_run_here() => Assert.Equal(
        ((string[])["ShopTests", "RateTests", "MailTests"]).Select(Read),
        Regex.Matches(Page, "```csharp\n(.*?)\n```", RegexOptions.Singleline).Select(block => block.Groups[1].Value));

    [Fact]
    public void The_message_of_a_sink_that_ignores_offsets_is_the_one_that_it_shows()
    {
        var mails = new CarelessMails();

        var difference = Assert.Throws<CrashDifferenceException>(() =>
            PipelineTest.For(catalog => LargeOrders.Define(catalog, mails)).Crashing(test =>
            {
                mails.Sent.Clear();
                test.Watch("mails", () => mails.Sent);
                test.Send("orders", "customer-7", new Order("NL", 1_000_000));
                test.Send("orders", "customer-8", new Order("NL", 100));
                test.Send("orders", "customer-7", new Order("BE", 2_000_000));
            }));

        Assert.Contains($"```text\n{difference.Message.Replace("CarelessMails", "Mails", StringComparison.Ordinal)}\n```", Page, StringComparison.Ordinal);
        Assert.Contains($"`run: {difference.Run}`", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_member_of_a_test_is_named() => Assert.All(
        typeof(PipelineTest).GetMethods().Where(method => method is { IsSpecialName: false } && method.DeclaringType == typeof(PipelineTest))
            .Select(method => method.Name)
            .Concat(typeof(PipelineTest).GetProperties().Select(property => property.Name))
            .Concat(Enum.GetNames<PipelineCall>())
            .Except([nameof(IDisposable.Dispose)]),
        member => Assert.Matches($@"`[^`]*\b{member}\b[^`]*`|csharp[^`]*\b{member}\b", Page));

    private static string Read(string test) =>
        File.ReadAllText(Repository.PathOf("tests", "Testing", "Documentation", $"{test}.cs")).Trim();

    private sealed class CarelessMails : ISink<Order>
    {
        public List<string> Sent { get; } = [];

        public ValueTask WriteAsync(Delivery<Order> delivery, CancellationToken cancellationToken)
        {
            Sent.AddRange(delivery.Values.Select(order => $"{order.Value}"));
            return ValueTask.CompletedTask;
        }
    }
}
