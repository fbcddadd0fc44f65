data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "this" {
  name     = var.name
  location = var.location
  tags     = var.tags
}

# Names of vaults, servers and storage accounts are unique in the world.
resource "random_string" "suffix" {
  length  = 5
  special = false
  upper   = false
}

locals {
  unique_name = "${var.name}-${random_string.suffix.result}"

  # Storage accounts take a single address without its /32.
  ip_rules = [for range in var.authorized_ip_ranges : trimsuffix(range, "/32")]
}
