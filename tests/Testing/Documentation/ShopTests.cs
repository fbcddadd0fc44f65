using Orleans.Pipeline;
using Orleans.Pipeline.Testing;

public sealed class ShopTests
{
    [Fact]
    public void Orders_are_counted_and_summed_by_country()
    {
        using var test = PipelineTest.For(Shop.Define);

        test.Send("orders", "customer-7", new Order("NL", 4200));
        test.Send("orders", "customer-8", new Order("NL", 100));
        test.Send("orders", "customer-7", new Order("BE", 500));

        Assert.Equal(2, test.Table("revenue").Rows.Count);
        Assert.Equal(4300, test.Table("revenue").Row("NL").Get<long>("cents"));
        Assert.Equal("country=BE, orders=1, cents=500", test.Table("revenue").Row("BE").ToString());
    }
}

public static class Shop
{
    public static void Define(PipelineCatalog catalog) => catalog
        .Add("revenue", pipeline => pipeline
            .From<Order>("orders", partitions: 8)
            .Where(order => order.Cents > 0)
            .To(Table.Add<Order>("revenue")
                .Key("country", order => order.Country)
                .Sum("orders", _ => 1)
                .Sum("cents", order => order.Cents)));
}

public sealed record Order(string Country, long Cents);
