using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway.Tests.Documentation;

/// <summary>What docs/http-api.md says of errors is so.</summary>
public sealed partial class HttpApiDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "http-api.md"));

    [Fact]
    public void The_table_of_errors_has_every_code_with_its_status_and_no_other() => Assert.Equal(
        ProblemKinds.All.Select(kind => (kind.Code, kind.Status)).Order(),
        CodeRow().Matches(Page).Select(row => (row.Groups[2].Value, int.Parse(row.Groups[3].Value, CultureInfo.InvariantCulture))).Order());

    [Fact]
    public void The_type_of_a_problem_is_the_page_and_the_anchor_of_its_code()
    {
        var anchors = Anchor().Matches(Page).Select(anchor => anchor.Groups[1].Value).ToList();

        Assert.Equal(anchors.Distinct(), anchors);
        Assert.All(ProblemKinds.All, kind =>
        {
            var type = new Uri(kind.With(kind.Example).Type);
            Assert.Equal("urn:orleans-pipeline:http-api", type.GetLeftPart(UriPartial.Query));
            Assert.Contains(type.Fragment[1..], anchors);
        });
        Assert.All(CodeRow().Matches(Page), row => Assert.Equal(row.Groups[1].Value, row.Groups[2].Value));
    }

    [Fact]
    public void The_table_of_errors_names_every_member_that_a_problem_can_have_more()
    {
        string[] common = ["type", "title", "status", "detail", "code"];
        var more = typeof(Problem).GetProperties().Select(member => JsonNamingPolicy.CamelCase.ConvertName(member.Name)).Except(common);
        var named = CodeRow()
            .Matches(Page)
            .SelectMany(row => Member().Matches(row.Groups[4].Value))
            .Select(member => member.Groups[1].Value);

        Assert.Equal(more.Order(), named.Distinct().Order());
    }

    [GeneratedRegex(@"^\| <a id=""([a-z-]+)""></a>`([a-z-]+)` \| (\d{3}) \| .* \|(.*)\|$", RegexOptions.Multiline)]
    private static partial Regex CodeRow();

    [GeneratedRegex(@"<a id=""([^""]+)""></a>")]
    private static partial Regex Anchor();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Member();
}
